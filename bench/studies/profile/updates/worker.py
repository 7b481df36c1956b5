"""One process that holds one library and updates as it is told, see `worker_process`.

It is given {library, threads, seed}, then commands: `begin` (with a rule and a shape:
the checked updates), `ready` (warm up and choose how many updates a sample has) and
`sample`.
"""

from math import ceil
from typing import Any

import numpy as np

from .....kernels.memory import aligned
from ....measurement.timing import SAMPLE_SECONDS, timed
from ....measurement.worker_process import serve
from .libraries import LIBRARIES, UpdateTask
from .rules import RULES

# Not one: an optimizer that looks at changes of the gradient would see none.
GRADIENTS = 3


class UpdateWorker:
    """A library and the optimizer that is at work in it."""

    def __init__(self, request: dict) -> None:
        self.kind = LIBRARIES[request["library"]]
        self.threads, self.seed = request["threads"], request["seed"]
        self.at_work: Any = None
        self.numbers = np.empty((0, 0), np.float32)

    def task(self, name: str, shape: list[int]) -> UpdateTask:
        """The same numbers in every process: a start, and gradients."""
        n = int(np.prod(shape))
        if self.numbers.shape[1] < n:
            rng = np.random.default_rng(self.seed)
            self.numbers = aligned((1 + GRADIENTS, n), np.float32)
            rng.standard_normal(out=self.numbers, dtype=np.float32)
            self.numbers[0] *= 0.1  # about as large as weights are
            self.numbers[1:] *= 0.01
        start, *gradients = (row[:n].reshape(shape) for row in self.numbers)
        return UpdateTask(RULES[name], start, gradients, self.threads)

    def begin(self, name: str, shape: list[int]) -> dict:
        """The checked updates; stays with the library's fastest version of the rule.

        Returns {version, parameters, longest}: which, float32[n], and the longest way
        that one went.
        """
        self.at_work, self.seconds, task = None, np.inf, self.task(name, shape)
        found, chosen = task.start.ravel(), ""
        for version in self.kind.versions(task.rule):
            candidate = self.kind(task, version)
            every = [timed(candidate.update, 1) for _ in range(task.rule.checked)]
            # Not the first, which makes the state.
            if (seconds := min(every[-2:])) < self.seconds:
                self.at_work, self.seconds = candidate, seconds
                found, chosen = candidate.parameters().copy(), version
        longest = float(np.abs(found - task.start.ravel()).max())
        return {"version": chosen, "parameters": found, "longest": longest}

    def ready(self) -> dict:
        """Warm up, and choose how many updates last as long as a sample should."""
        self.loops = max(1, ceil(SAMPLE_SECONDS / self.seconds))
        self.sample()
        return {"loops": self.loops}

    def sample(self) -> dict:
        """Seconds an update."""
        return {"seconds": timed(self.at_work.update, self.loops) / self.loops}


def main(descriptor: int) -> None:
    """Answer until the caller has gone."""
    serve(descriptor, UpdateWorker)
