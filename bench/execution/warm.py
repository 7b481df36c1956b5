"""Kernels compiled ahead of time: all that the registries name, or what a run needs.

`python -m gradclinic.bench.execution.warm PART DTYPE` compiles a part for a dtype.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from ...kernels import MINIMISERS, OPTIMIZERS, mlp, train, train_population
from ...kernels.activations import ACTIVATIONS
from ...kernels.cache import cache_of
from ...kernels.folder import cache_folder
from ...kernels.initialisers import INITIALISERS
from ...kernels.job import compile_drivers, compile_loop, first_of, prepare
from ...kernels.loop.training import train_serial
from ...kernels.losses import LOSSES
from ...kernels.optimizer import SHARED_SIZE
from ...kernels.passes import PREDICT_ROWS
from ...kernels.schedules import SCHEDULES

DTYPES = ("float32", "float64")
RUN_DTYPE = "float32"
_MODULE = "gradclinic.bench.execution.warm"


def compile_all(dtype: str) -> None:
    """Call every kernel that the registries name once, on tiny arrays."""
    x, real = np.zeros((2, 3), dtype), np.dtype(dtype).type
    for loss in LOSSES:
        for activation in ACTIVATIONS:
            net = mlp([3, 2, 2], activation, loss, dropout=0.1, input_noise=0.1)
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


def loop_of_run(dtype: str) -> None:
    """The training loop, which calls all else by address: half of what a run needs."""
    job, runs = small_job(dtype)
    compile_loop(job.outline(first_of(runs)), dtype)


def passes_of_run(dtype: str) -> None:
    """What the loop calls and is called by, and the passes without it: the rest."""
    job, runs = small_job(dtype)
    params, x, y = runs.params[0], job.data.x[0], job.data.y[0]
    job.course(first_of(runs))
    compile_drivers(job.outline(runs, 1, (1,)))
    job.net.loss_and_grad(params, x, y)
    job.net.predict(params, np.zeros((2 * PREDICT_ROWS, job.net.inputs), dtype))
    job.net.evaluate(params, x, y)


def small_job(dtype: str):
    """A training of two rows, not yet begun, and its runs, of which there is one."""
    net, x, y = mlp([3, 2, 2]), np.zeros((2, 3), dtype), np.zeros(2)
    job, hyper = prepare(net, x, y, None, dtype, "adam", "auto", 1, {}, None)
    return job, job.runs([0], net.init(0, np.dtype(dtype).type)[None], [hyper])


PARTS = {"all": compile_all, "loop": loop_of_run, "passes": passes_of_run}


def warm(progress: Callable[[int, int, str], None]) -> None:
    """Compile for all dtypes, each in a process of its own; raises RuntimeError."""
    _compile_in_processes([("all", dtype) for dtype in DTYPES], progress)


def warm_for_run(
    progress: Callable[[int, int, str], None], dtypes: tuple = (RUN_DTYPE,)
) -> None:
    """Compile most of what a run needs where nothing is compiled yet.

    Two processes a dtype. What does not compile here is left to where it is used, and
    to its error there. Where nothing can be kept, nothing is compiled ahead.
    """
    if is_cold() and cache_folder():
        parts = [(part, dtype) for part in ("loop", "passes") for dtype in dtypes]
        with suppress(RuntimeError):
            _compile_in_processes(parts, progress)


def _compile_in_processes(parts, progress) -> None:
    """Compile (part, dtype) pairs at once; raises RuntimeError."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", _MODULE, *part],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        for part in parts
    ]
    failed = []
    try:
        for done, (part, process) in enumerate(zip(parts, started, strict=True)):
            name = f"kernels ({', '.join(part)})"
            progress(done, len(parts), f"Compiling {name}")
            _, said = process.communicate()
            if process.returncode:
                last = (said.strip().splitlines() or ["no reason given"])[-1]
                failed.append(f"the {name} do not compile: {last}")
    finally:  # interrupted, nobody waits for them
        for process in started:
            process.kill()
    if failed:
        raise RuntimeError("; ".join(failed))


def is_cold() -> bool:
    """Is the training loop, as its sources are, not compiled yet?"""
    kept = cache_of(train_serial)
    return kept is None or kept.is_empty


def compiling_notice() -> str | None:
    """A sentence for the user where kernels must be compiled first, else None."""
    if not is_cold():
        return None
    if cache_folder() is None:
        return (
            "Compiling kernels, which takes a minute each time: no folder to keep them"
            " in is writable; set GRADCLINIC_CACHE_DIR to one that is."
        )
    return "Compiling kernels for this machine; this is done once and takes a minute."


if __name__ == "__main__":
    PARTS[sys.argv[1]](sys.argv[2])
