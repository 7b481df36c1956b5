"""Make `targets.toml`: python -m gradclinic.bench.studies.optimizers.make_targets

Names of problems after it make theirs only, and keep the others.
Each baseline is tuned by random search for its best validation, the winner is run on
new seeds, and the median of their bests is what it reaches. The target is what the best
baseline reaches, in half of the budget that a study gives: one as good then meets it on
more than half of its seeds. The easy target is what the least of them reaches, or the
best one in half of its own budget, whichever is met sooner. The seeds are no
study's.
Source: Dahl et al. (2023), Benchmarking Neural Network Training Algorithms, section
4.3 (AlgoPerf).
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ....kernels.threads import available_threads
from ....scenarios.problems import PROBLEMS
from ...execution.entrant import registered
from ...execution.population import epochs_of
from ...execution.store import Store
from ...measurement.machine import package_version
from .search import best_of, search
from .settings import MOST_MASTER, StudySettings
from .targets import FILE, targets_file, task_of

BASELINES = ("sgd", "nesterov", "rmsprop", "adamw")
TRIALS, SEEDS, SHARE = 50, 20, 0.5
# Raised by hand when targets are made anew: scores against other targets differ.
VERSION = 1
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


def target_row(problem, settings, store) -> dict[str, Any]:
    """The table of a problem: validation losses, rounded to six digits."""
    task, problem, known = task_of(problem), shortened(problem), {}
    medians, halves = {}, {}
    for entrant in settings.entrants:
        found = search(problem, entrant, settings, None, known, store)
        name = entrant.name
        medians[name], halves[name] = reached(found, problem, entrant)
    best = min(medians, key=medians.__getitem__)
    finite = [value for value in medians.values() if np.isfinite(value)]
    return {
        "task": task,
        "target": float(f"{medians[best]:.6g}"),
        "easy": float(f"{max(*finite, halves[best]):.6g}"),
        "best": best,
        "medians": {name: float(f"{value:.6g}") for name, value in medians.items()},
    }


def as_toml(head: dict[str, Any], rows: dict[str, dict]) -> str:
    """The file's text. JSON's strings, numbers and lists are TOML's too."""
    lines = [f"# Made by {COMMAND}", "# and never edited by hand."]
    lines += [f"{name} = {json.dumps(value)}" for name, value in head.items()]
    for problem, row in rows.items():
        lines += ["", f"[problems.{problem}]"]
        for name, value in row.items():
            if isinstance(value, dict):
                pairs = ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items())
                lines.append(f"{name} = {{ {pairs} }}")
            else:
                lines.append(f"{name} = {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> None:
    """Tune the baselines on the problems named, or on all, and write the file."""
    settings = StudySettings(
        tuple(registered(name) for name in BASELINES), tuple(PROBLEMS.values()),
        budgets=(TRIALS,), seeds=SEEDS, master=MOST_MASTER + 1, sweep=(0, 0),
        threads=available_threads(),
    )  # fmt: skip
    head = {
        "version": VERSION,
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "gradclinic": package_version("gradclinic"),
        "baselines": list(BASELINES),
        "trials": TRIALS,
        "seeds": SEEDS,
        "share_of_budget": SHARE,
    }
    rows = dict(targets_file()["problems"]) if names else {}
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "runs")) as store:
        for name in names or PROBLEMS:
            rows[name] = target_row(PROBLEMS[name], settings, store)
            print(name, rows[name], flush=True)
    text = as_toml(head, {name: rows[name] for name in PROBLEMS})
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
