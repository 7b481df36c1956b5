"""Ours and PyTorch's, tuned alike: do they end at the same loss?

    python -m gradclinic.bench.studies.optimizers.beside_torch [FILE]

Steps that agree to 1e-9 (see `parity`) say that the rules are the same. This says that
the whole way to a result is: training loop, search and all. Each side is tuned by the
same procedure with the same draws, on its own runs; PyTorch has its own optimizer,
gradients and order of rows. It needs the extra `peers`.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from scipy.stats import mannwhitneyu

from ....kernels.threads import available_threads
from ....scenarios.problems import PROBLEMS
from ...execution.entrant import registered
from ...execution.population import trained
from ...execution.record import Run
from ...measurement.machine import package_version
from .settings import StudySettings
from .tuning import Tuning, settled_of

RULES, TASKS, TRIALS = ("adam", "adamw"), ("wine", "digits_softmax"), 25
RESULT = Path(__file__).parents[2] / "results" / "torch-tuned.json"

# (problem, entrant, role, {key: (options, seed)}, threads) -> a `Run` each.
Trainer = Callable[..., list[Run]]


def tuned(problem, entrant, settings: StudySettings, trainer: Trainer) -> dict:
    """What a trainer's runs are tuned to: all values, and the losses they settle at.

    settled: on the fresh seeds, infinite where a run diverged.
    """

    def train(role, jobs):
        keyed = {str(number): job for number, job in enumerate(jobs)}
        return trainer(problem, entrant, role, keyed, settings.threads)

    found = Tuning(entrant.optimizer, problem, settings, train).searched()
    chosen = dict(found.tuned[-1].configuration.options)
    runs = train("fresh", [(chosen, seed) for seed in settings.fresh_seeds])
    return {
        "hyper": chosen,
        "extended": found.extended,
        "settled": [settled_of(run) for run in runs],
    }


def compared(problem, entrant, settings: StudySettings, theirs: Trainer) -> dict:
    """A row of the result: both sides, and whether they come to the same.

    same: the median of each side lies between the least and the largest loss of the
    other, that is within the spread of its seeds. p: two-sided, of Mann & Whitney's
    test that neither side has the lower losses.
    """
    sides = {
        "ours": tuned(problem, entrant, settings, trained),
        "theirs": tuned(problem, entrant, settings, theirs),
    }
    ours, other = (side["settled"] for side in sides.values())
    test: Any = mannwhitneyu(ours, other)
    return {
        "problem": problem.name,
        "optimizer": entrant.name,
        **sides,
        "medians": [median(ours), median(other)],
        "same": within(median(ours), other) and within(median(other), ours),
        "p": float(f"{float(test.pvalue):.3g}"),
    }


def within(number: float, losses: list[float]) -> bool:
    """Does a number lie within the spread of some losses?"""
    return min(losses) <= number <= max(losses)


def main(path: Path) -> int:
    """Compare, write the result, print it; 1 where the two sides do not agree."""
    from .torch_training import RULES as THEIRS
    from .torch_training import torch_trained

    settings = StudySettings(
        tuple(map(registered, RULES)),
        tuple(PROBLEMS[name] for name in TASKS),
        budgets=(1, TRIALS),
        threads=available_threads(),
    )
    rows = []
    for problem in settings.problems:
        for entrant in settings.entrants:
            theirs = partial(torch_trained, THEIRS[entrant.name])
            rows.append(compared(problem, entrant, settings, theirs))
            print(said(rows[-1]), flush=True)
    content = {
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "versions": {name: package_version(name) for name in ("gradclinic", "torch")},
        "trials": TRIALS,
        "seeds": settings.seeds,
        "rows": rows,
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return int(not all(row["same"] for row in rows))


def said(row: dict) -> str:
    """A row in words."""
    ours, theirs = row["medians"]
    verdict = "the same" if row["same"] else "NOT the same"
    spread = ", ".join(
        f"{side} {min(row[side]['settled']):.4g} to {max(row[side]['settled']):.4g}"
        for side in ("ours", "theirs")
    )
    return (
        f"{row['optimizer']} on {row['problem']}: {ours:.4g} and {theirs:.4g},"
        f" {verdict} within the seeds' spread ({spread}; p = {row['p']:g})"
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else RESULT))
