"""Every kernel compiled ahead of time, by calling all that the registries name.

`python -m gradclinic.bench.execution.warm DTYPE` does it for a dtype.
"""

import subprocess
import sys
from collections.abc import Callable

import numpy as np

from ...kernels import MINIMISERS, OPTIMIZERS, mlp, train, train_population
from ...kernels.activations import ACTIVATIONS
from ...kernels.initialisers import INITIALISERS
from ...kernels.jit import cache_folder
from ...kernels.losses import LOSSES
from ...kernels.network import PREDICT_ROWS
from ...kernels.optimizer import SHARED_SIZE
from ...kernels.schedules import SCHEDULES

DTYPES = ("float32", "float64")
_MODULE = "gradclinic.bench.execution.warm"


def compile_all(dtype: str) -> None:
    """Call every kernel that the registries name once, on tiny arrays."""
    x, real = np.zeros((2, 3), dtype), np.dtype(dtype).type
    for loss in LOSSES:
        for activation in ACTIVATIONS:
            net = mlp([3, 2, 1], activation, loss, dropout=0.1, input_noise=0.1)
        y = np.zeros((2, net.targets))
        params = net.init(0, real)
        train(net, params, x, y, epochs=1, validation=(x, y))
        net.loss_and_grad(params, x, y)
        net.evaluate(params, x, y)
    for schedule in SCHEDULES:
        train(net, params, x, y, epochs=1, schedule=schedule, diagnostics=True)
    plain = mlp([3, 2, 1], loss="mse")
    for minimiser in MINIMISERS:
        train(plain, plain.init(0, real), x, x[:, :1], minimiser, epochs=1)
    for initialiser in INITIALISERS:
        net.init(0, real, initialiser)
    many = np.zeros((2 * PREDICT_ROWS, 3), dtype)
    net.predict(params, many)
    net.predict(params, many, threads=1)
    train_population(net, x, y, [0, 1], 0.1, epochs=1, dtype=real)
    flat = np.zeros(SHARED_SIZE, dtype)
    for rule in OPTIMIZERS.values():
        state = rule.init_state(params.size, real)
        rule.update(params, params.copy(), state)
        rule.averaged(params, state)
        if rule.elementwise:
            rule.update(flat, flat.copy(), rule.init_state(flat.size, real))


def warm(progress: Callable[[int, int, str], None]) -> None:
    """Compile for all dtypes, each in a process of its own; raises RuntimeError."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", _MODULE, dtype],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for dtype in DTYPES
    ]  # fmt: skip
    for done, (dtype, process) in enumerate(zip(DTYPES, started, strict=True)):
        progress(done, len(DTYPES), f"Compiling kernels for {dtype}")
        _, said = process.communicate()
        if process.returncode:
            last = (said.strip().splitlines() or ["no reason given"])[-1]
            raise RuntimeError(f"the kernels for {dtype} do not compile: {last}")


def compiling_notice() -> str | None:
    """A sentence for the user where kernels must be compiled first, else None."""
    if any(path.is_file() for path in cache_folder().rglob("*.nbc")):
        return None
    return "Compiling kernels for this machine; this is done once and takes a minute."


if __name__ == "__main__":
    compile_all(sys.argv[1])
