"""Make `targets.toml`: python -m gradclinic.bench.studies.optimizers.make_targets

Names of problems after it make theirs only, and keep the others.
Each baseline is tuned as every contestant is, with each budget of trials; the
winner is run on new seeds, and the median of the validation losses that they settle at
is what it reaches: a target counts as met where the loss stays. The target of a budget
is what its best baseline reaches, in half of the passes that a study gives: one as good
then meets it on more than half of its seeds. The easy target is what the least of them
reaches with the largest budget, or the
best one in half of its own passes, whichever is met sooner. The seeds are no study's.
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
from ...execution.store import Store
from ...measurement.machine import package_version
from .search import Winner, search
from .settings import BUDGETS, MOST_MASTER, QUICK_BUDGETS, StudySettings
from .targets import FILE, targets_file, task_of
from .tuning import settled_of

BASELINES = ("sgd", "nesterov", "rmsprop", "adamw")
FROZEN = tuple(sorted({*BUDGETS, *QUICK_BUDGETS}))
SEEDS, SHARE = 20, 0.5
# Raised by hand when targets are made anew: scores against other targets differ.
VERSION = 3
COMMAND = "python -m gradclinic.bench.studies.optimizers.make_targets"


def reached(winner: Winner) -> float:
    """Median settled loss of a winner's runs, infinite where half of them diverged."""
    return float(np.median([settled_of(run) for run in winner.runs]))


def halfway(winner: Winner) -> float:
    """Median loss of a winner's runs after half of their passes."""
    losses = [np.array(run.curves["val_loss"], float) for run in winner.runs]
    return float(np.median([loss[(len(loss) - 1) // 2] for loss in losses]))


def shortened(problem):
    """The problem with the share of the passes that the baselines get."""
    epochs = max(1, round(SHARE * problem.trial.epochs))
    return replace(problem, trial=replace(problem.trial, epochs=epochs))


def target_row(problem, settings, store) -> dict[str, Any]:
    """The table of a problem: validation losses, rounded to six digits."""
    task, problem, known = task_of(problem), shortened(problem), {}
    winners = {
        entrant.name: search(problem, entrant, settings, known, store).winners
        for entrant in settings.entrants
    }
    medians = {
        str(budget): {name: reached(found[k]) for name, found in winners.items()}
        for k, budget in enumerate(settings.budgets)
    }
    best = {budget: min(row, key=row.__getitem__) for budget, row in medians.items()}
    last = str(settings.budgets[-1])
    finite = [value for value in medians[last].values() if np.isfinite(value)]
    easy = max(*finite, halfway(winners[best[last]][-1]))
    return {
        "task": task,
        "targets": {k: _rounded(row[best[k]]) for k, row in medians.items()},
        "easy": _rounded(easy),
        "best": best,
        "medians": {
            k: {n: _rounded(v) for n, v in row.items()} for k, row in medians.items()
        },
    }


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")


def as_toml(head: dict[str, Any], rows: dict[str, dict]) -> str:
    """The file's text."""
    lines = [f"# Made by {COMMAND}", "# and never edited by hand."]
    lines += [f"{name} = {_inline(value)}" for name, value in head.items()]
    for problem, row in rows.items():
        lines += ["", f"[problems.{problem}]"]
        lines += [f"{name} = {_inline(value)}" for name, value in row.items()]
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    """A value of TOML: JSON's strings, numbers and lists are TOML's too."""
    if not isinstance(value, dict):
        return "inf" if value == float("inf") else json.dumps(value)
    return "{ " + ", ".join(f"{k} = {_inline(v)}" for k, v in value.items()) + " }"


def main(names: Sequence[str]) -> None:
    """Tune the baselines on the problems named, or on all, and write the file."""
    settings = StudySettings(
        tuple(registered(name) for name in BASELINES),
        tuple(PROBLEMS.values()),
        budgets=FROZEN,
        seeds=SEEDS,
        master=MOST_MASTER + 1,
        sweep=0,
        threads=available_threads(),
    )
    head = {
        "version": VERSION,
        "made": f"{datetime.now(UTC):%Y-%m-%d}",
        "gradclinic": package_version("gradclinic"),
        "baselines": list(BASELINES),
        "budgets": list(FROZEN),
        "trials": FROZEN[-1],
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
