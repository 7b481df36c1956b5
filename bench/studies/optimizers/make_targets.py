"""Make `targets.toml`: python -m gradclinic.bench.studies.optimizers.make_targets

Each baseline is tuned by random search for its best validation, the winner is run on
new seeds, and the median of their bests is what it reaches. The target is what the best
baseline reaches, in half of the budget that a study gives: one as good then meets it on
more than half of its seeds. The easy target is what the least of them reaches, or the
best one in half of its own budget, whichever is met sooner. The seeds are no
study's.
Source: Dahl et al. (2023), Benchmarking Neural Network Training Algorithms, section
4.3 (AlgoPerf).
"""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ....kernels import OPTIMIZERS
from ....kernels.threads import available_threads
from ....scenarios.problems import PROBLEMS
from ...execution.entrant import registered
from ...execution.population import epochs_of
from ...execution.store import Store
from ...measurement.machine import package_version
from .search import best_of, search
from .settings import MOST_MASTER, StudySettings

BASELINES = ("sgd", "nesterov", "rmsprop", "adamw")
TRIALS, SEEDS, SHARE = 50, 20, 0.5
# Raised by hand when targets are made anew: scores against other targets differ.
VERSION = 1
FILE = Path(__file__).with_name("targets.toml")
COMMAND = "python -m gradclinic.bench.studies.optimizers.make_targets"


def reached(found, problem, entrant):
    """(median best value, median best value within half of the budget)."""
    runs, half = found.winners[-1].runs, -(-epochs_of(problem, entrant) // 2)
    early = [np.nanmin(np.array(r.curves["val_loss"], float)[:half]) for r in runs]
    return float(np.median([best_of(r) for r in runs])), float(np.median(early))


def shortened(problem):
    """The problem with the share of the budget that the baselines get."""
    epochs = max(1, round(SHARE * problem.trial.epochs))
    return replace(problem, trial=replace(problem.trial, epochs=epochs))


def targets_of(problem, settings, store):
    """The lines of a problem's table: validation losses."""
    medians, halves = {}, {}
    problem, known = shortened(problem), {}
    for entrant in settings.entrants:
        found = search(problem, entrant, settings, None, known, store)
        name = entrant.name
        medians[name], halves[name] = reached(found, problem, entrant)
    best = min(medians, key=medians.__getitem__)
    finite = [value for value in medians.values() if np.isfinite(value)]
    easy = max(*finite, halves[best])
    return [
        f"[problems.{problem.name}]",
        f"target = {medians[best]:.6g}",
        f"easy = {easy:.6g}",
        f'best = "{best}"',
        "medians = { "
        + ", ".join(f"{name} = {value:.6g}" for name, value in medians.items())
        + " }",
        "",
    ]


def main(out: Path = FILE) -> None:
    """Tune the baselines on every problem and write the file."""
    entrants = tuple(registered(name) for name in BASELINES if name in OPTIMIZERS)
    settings = StudySettings(
        entrants, tuple(PROBLEMS.values()), budgets=(TRIALS,), seeds=SEEDS,
        master=MOST_MASTER + 1, sweep=(0, 0), threads=available_threads(),
    )  # fmt: skip
    baselines = ", ".join(f'"{entrant.name}"' for entrant in entrants)
    lines = [
        f"# Made by {COMMAND}; never edited by hand.",
        f"version = {VERSION}",
        f'made = "{datetime.now(UTC):%Y-%m-%d}"',
        f'gradclinic = "{package_version("gradclinic")}"',
        f"baselines = [{baselines}]",
        f"trials = {TRIALS}",
        f"seeds = {SEEDS}",
        f"share_of_budget = {SHARE}",
        "",
    ]
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "runs")) as store:
        for problem in PROBLEMS.values():
            lines += targets_of(problem, settings, store)
            print("\n".join(lines[-6:]), flush=True)
    out.write_text("\n".join(lines).rstrip() + "\n")


if __name__ == "__main__":
    main()
