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
from ....scenarios.trial import Trial

FILE = Path(__file__).with_name("targets.toml")


@dataclass(frozen=True)
class Target:
    """Validation losses of a problem: `value` to reach, and `easy`, met sooner."""

    value: float
    easy: float


@cache
def targets_file() -> dict[str, Any]:
    """The whole of `targets.toml`: version, baselines, problems, ..."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def target_of(problem: str) -> Target:
    """The frozen target of a problem."""
    row = targets_file()["problems"][problem]
    return Target(row["target"], row["easy"])


def task_of(problem: Problem) -> str:
    """Hash of what a trial says beyond its defaults: a target is that of one task."""
    said, default = asdict(problem.trial), asdict(Trial(problem.trial.data))
    task = {k: v for k, v in said.items() if k == "data" or v != default[k]}
    text = json.dumps(task, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
