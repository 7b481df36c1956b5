"""Frozen targets: what tuned baselines reach, so that a new optimizer moves nothing.

`targets.toml` is made by `python -m gradclinic.bench.studies.optimizers.make_targets`.
"""

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ....scenarios.problem import Problem
from ....scenarios.trial import Dataset, Trial

FILE = Path(__file__).with_name("targets.toml")


@dataclass(frozen=True)
class Target:
    """Validation losses of a problem: `value` to reach, and `easy`.

    value is of one budget: what baselines reach that were tuned with as many trials;
    easy is one for all budgets.
    """

    value: float
    easy: float


@cache
def targets_file() -> dict[str, Any]:
    """The whole of `targets.toml`: version, baselines, budgets, problems, ..."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def frozen_budget(trials: int) -> int:
    """The budget whose targets are those of so many trials.

    The largest that was frozen and gave the baselines no more trials than these.
    """
    return max(b for b in targets_file()["budgets"] if b <= trials)


def target_of(problem: str, trials: int) -> Target:
    """The frozen target of a problem for optimizers tuned with so many trials."""
    row = targets_file()["problems"][problem]
    return Target(row["targets"][str(frozen_budget(trials))], row["easy"])


def task_of(problem: Problem) -> str:
    """Hash of what a trial says beyond its defaults: a target is that of one task."""
    data = problem.trial.data
    said, default = asdict(problem.trial), asdict(Trial(data))
    task = _beyond(said, default)
    task["data"] = {"name": data.name} | _beyond(
        said["data"], asdict(Dataset(data.name))
    )
    text = json.dumps(task, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _beyond(said, default):
    return {name: value for name, value in said.items() if value != default[name]}
