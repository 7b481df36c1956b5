"""Trainings with a planted trouble, or without one, as `runs.txt` declares them.

A line is a run: its name, trouble, maker, data, seed and layout, then other fields. The
sets share no seeds; those on which thresholds were set share no data with the others.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path

HEALTHY, NO_LAYER = "healthy", "none"


@dataclass(frozen=True)
class PlantedRun:
    """name: of its file; trouble: what was planted, "" for none; data: of `DATA`; rows:
    to train on; wrong: the share of training labels that are drawn anew. lr: "beyond"
    for the first of 0.025, 0.035, 0.05, ... at which the training diverges; "edge" for
    the highest below it at which it jumps.
    """

    name: str
    trouble: str
    by: str
    data: str
    seed: int
    layout: str
    hidden: tuple = (32,)
    optimizer: str = "adam"
    lr: float | str = 1e-3
    batch: int = 32
    epochs: int = 60
    rows: int = 600
    wrong: float = 0.0
    patience: int | None = None
    options: dict = field(default_factory=dict)


def read_runs(path: Path) -> dict[str, list[PlantedRun]]:
    """{set: its runs} in a file."""
    found: dict[str, list[PlantedRun]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found[line.strip("[]")] = runs = []
        elif line and not line.startswith("#"):
            runs.append(_run(line.split()))
    return found


def _run(words: list[str]) -> PlantedRun:
    name, trouble, by, data, seed, layout, *more = words
    given: dict = {"trouble": "" if trouble == HEALTHY else trouble}
    known = {f.name for f in fields(PlantedRun)}
    for key, value in (word.split("=") for word in more):
        if key == "hidden":
            layers = [] if value == NO_LAYER else value.split("-")
            given[key] = tuple(int(width) for width in layers)
        elif key in known:
            given[key] = _number(value)
        else:
            given["options"] = {key: float(value)}
    return PlantedRun(
        name=name, by=by, data=data, seed=int(seed), layout=layout, **given
    )


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
