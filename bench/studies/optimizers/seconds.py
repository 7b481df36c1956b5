"""What a training step costs in seconds: measured in turns, in one process.

The clocks of the study's own runs are of no use for it: others train on the
neighbouring cores, and what comes first meets another machine than what comes last.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from ....kernels import train_population
from ....scenarios.problem import Problem
from ...execution.data import split
from ...execution.entrant import Entrant, registered
from ...execution.network import network
from ...execution.population import DATA_SEED, clocks
from ...measurement.noise import judge, look
from ...measurement.timing import SAMPLE_SECONDS, ratio_interval
from ...statistics.intervals import median_interval
from .settings import StudySettings

SAMPLES = 11
# So small a part of the default rate that nothing diverges while it is timed.
GENTLE = 1e-3
# Rules with the same arithmetic; given all rows both, so that only their names differ.
SAME = ("gradient_descent", "sgd")
# By how much they may differ, and which share of the time others may have the core.
TOLERANCE, TAKEN = 0.05, 0.02


@dataclass
class Training:
    """One rule at work on one problem, a sample at a time; epochs: of a sample."""

    problem: Problem
    entrant: Entrant
    all_rows: bool = False
    epochs: int = 1

    def __post_init__(self):
        trial, rows = self.problem.trial, split(self.problem.trial.data, DATA_SEED)
        self.net, self.data = network(trial, rows), (rows.x_train, rows.y_train)
        self.batch = None if self.all_rows else trial.batch_size
        self.lr = float(self.entrant.optimizer.defaults["lr"]) * GENTLE
        steps = clocks(self.problem, self.entrant)["steps"]
        self.steps = 1.0 if self.all_rows else steps

    def seconds(self) -> float:
        """Seconds of a sample: one network, one thread, nothing validated."""
        how: Any = {
            "optimizer": self.entrant.optimizer,
            "lr": [self.lr],
            "seeds": [0],
            "batch_size": self.batch,
            "epochs": self.epochs,
            "threads": 1,
            "device": "cpu",
        }
        runs = train_population(self.net, *self.data, **how)
        # A run that ends early has fewer passes than asked for.
        return float(runs.seconds[0]) * self.epochs / max(int(runs.epochs[0]), 1)

    def prepare(self) -> None:
        """Compile, then choose how many passes last for a sample."""
        self.seconds()
        while (took := self.seconds()) < SAMPLE_SECONDS:
            more = int(self.epochs * min(10.0, 1.3 * SAMPLE_SECONDS / max(took, 1e-9)))
            self.epochs = max(self.epochs + 1, more)

    def sample(self) -> float:
        """Seconds a step."""
        return self.seconds() / (self.epochs * self.steps)


def seconds_measured(settings: StudySettings, progress: Callable) -> dict[str, Any]:
    """The `seconds_measured` of the content.

    noisy: whether a place by seconds would mean nothing, and why: a hypervisor or other
    programs took time, a fixed piece of work changed its pace, or two rules of the same
    arithmetic differ.
    """
    before, wall, own = look(), time.perf_counter(), time.process_time()
    per_step, sanity = {}, []
    for done, problem in enumerate(settings.problems):
        progress(done, len(settings.problems), f"{problem.title}: seconds of a step")
        per_step[problem.name], same = _of_problem(problem, settings.entrants)
        sanity.append({"rules": list(SAME), "problem": problem.name, "ratio": same})
    taken = 1 - (time.process_time() - own) / (time.perf_counter() - wall)
    noise = judge(before, look(), os.cpu_count() or 1)
    reasons = [*noise.reasons, *doubts(taken, sanity)]
    return {
        "noisy": bool(reasons),
        "reasons": reasons,
        "sanity": sanity,
        "per_step": per_step,
    }


def _of_problem(problem, entrants):
    """({optimizer: interval of seconds a step}, ratio of two that must be equal)."""
    work = {e.name: Training(problem, e) for e in entrants}
    same = [Training(problem, registered(name), all_rows=True) for name in SAME]
    found = {name: [] for name in work}
    pair = [[], []]
    timed = []
    for name, each in work.items():
        try:
            each.prepare()
            timed.append(name)
        except Exception:  # it could not be trained in the study either, which says why
            found.pop(name)
    for each in same:
        each.prepare()
    for _ in range(SAMPLES):
        for name in timed:
            found[name].append(work[name].sample())
        for samples, each in zip(pair, same, strict=True):
            samples.append(each.sample())
    ratio = ratio_interval(np.array(pair[0]), np.array(pair[1]))
    return (
        {name: _short(median_interval(samples)) for name, samples in found.items()},
        _short((ratio.speedup, ratio.low, ratio.high)),
    )


def _short(numbers) -> list[float]:
    return [float(f"{number:.4g}") for number in numbers]


def doubts(taken: float, sanity: list[dict[str, Any]]) -> list[str]:
    """A sentence for each sign that the seconds are not to be trusted.

    taken: share of the time for which this process had no core; sanity: of the content.
    """
    said = []
    if taken > TAKEN:
        said.append(f"Other programs took {taken:.0%} of the time of measuring.")
    for row in sanity:
        if abs(log(row["ratio"][0])) > log(1 + TOLERANCE):
            first, second = row["rules"]
            said.append(
                f"{first} and {second} have the same arithmetic on all rows, yet differ"
                f" by a factor of {row['ratio'][0]:.2f} on {row['problem']}."
            )
    return said
