"""What an update costs: time a parameter, and bytes of state."""

import time
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from ....kernels import Optimizer, mlp
from ....kernels.optimizer import matrices
from ....kernels.threads import one_blas_thread
from ...execution.entrant import Entrant
from ...measurement.timing import SAMPLE_SECONDS

# A network of a million parameters, as rules that see matrices need some.
SIZES = (500, 1000, 500)
# Steps in a row, so that work done every tenth step is in; as often as it takes for a
# sample that is longer than the clock's and the scheduler's grain.
STEPS, SAMPLES, QUICK_SAMPLES = 10, 9, 5
# Seconds for all samples of a rule; where steps take longer it has fewer.
PATIENCE, QUICK_PATIENCE = 3.0, 1.0


@dataclass
class Updating:
    """A rule at work on a network, from step to step.

    samples: that it shall give; steps: of a sample, a multiple of STEPS.
    """

    rule: Optimizer
    params: np.ndarray
    grad: np.ndarray
    layout: np.ndarray
    samples: int
    done: int = 0
    steps: int = STEPS

    def __post_init__(self):
        self.state = self.rule.init_state(self.params.size, np.float32, self.layout)

    def run(self, steps: int) -> float:
        """Seconds a step of so many; every one takes all of its gradients."""
        began = time.perf_counter()
        every = getattr(self.rule, "sampled_every", 0)
        for _ in range(steps * self.rule.gradients):
            self.done += 1
            if every and self.done % every == 1:
                self.call(-self.done)
            self.call(self.done)
        return (time.perf_counter() - began) / steps

    def call(self, step: int) -> None:
        self.rule.update(
            self.params, self.grad, self.state, step=step, layout=self.layout, threads=1
        )

    def prepare(self, patience: float) -> None:
        """Compile, make what is made once, and see how many samples there can be."""
        self.run(1)
        ten = STEPS * self.run(1)
        self.steps = STEPS * ceil(SAMPLE_SECONDS / ten)
        most = int(patience / (self.steps / STEPS * ten))
        self.samples = max(1, min(self.samples, most))


def updates(entrants: tuple[Entrant, ...], quick: bool) -> dict[str, Any]:
    """The `updates` of the content; samples are taken in turns.

    One thread for all: only elementwise rules could use more.
    """
    net = mlp(list(SIZES))
    layout, n = matrices(net.layout), net.n_params
    grad = np.random.default_rng(0).normal(0, 1e-2, n).astype(np.float32)
    most = QUICK_SAMPLES if quick else SAMPLES
    working = {
        e.name: Updating(e.optimizer, net.init(0), grad, layout, most) for e in entrants
    }
    seconds = {name: [] for name in working}
    with one_blas_thread():
        for work in working.values():
            work.prepare(QUICK_PATIENCE if quick else PATIENCE)
        for turn in range(most):
            for name, work in working.items():
                if turn < work.samples:
                    seconds[name].append(work.run(work.steps))
    rows = [
        _row(name, work, np.array(seconds[name]) / n * 1e9)
        for name, work in working.items()
    ]
    return {"parameters": n, "threads": 1, "rows": rows}


def _row(name: str, work: Updating, nanoseconds: np.ndarray) -> dict[str, Any]:
    return {
        "optimizer": name,
        "least": float(nanoseconds.min()),
        "median": float(np.median(nanoseconds)),
        "samples": len(nanoseconds),
        "steps": work.steps,
        "state_bytes": work.state.nbytes / work.params.size,
    }
