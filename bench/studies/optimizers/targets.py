"""Frozen targets: what tuned baselines reach, so that a new optimizer moves nothing.

`targets.toml` is made by `python -m gradclinic.bench.studies.optimizers.make_targets`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Target:
    """Validation losses of a problem: `value` to reach, and `easy`, met sooner."""

    value: float
    easy: float


@cache
def targets_file() -> dict:
    """The whole of `targets.toml`: version, command, baselines, problems."""
    return tomllib.loads((files(__package__) / "targets.toml").read_text())


def target_of(problem: str) -> Target:
    """The frozen target of a problem."""
    row = targets_file()["problems"][problem]
    return Target(row["target"], row["easy"])
