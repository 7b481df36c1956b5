"""A run as Python sees it, as a row of the store, and as tidy lines."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from numbers import Integral
from typing import Any

# The status of a run whose device is not there.
UNAVAILABLE = "unavailable"
_UNITS = {"seconds": "s", "bytes": "bytes", "epochs": "epochs", "steps": "steps"}


@dataclass(frozen=True)
class Run:
    """One finished run, whatever became of it.

    key: hash of all that defines the run. scenario: its name, or `scenario.part`.
    role: `baseline`, `fix`, `placebo`, `wrong_mechanism`, `positive`, `sweep`; or
    `price`, where a condition was trained only to be timed, and `examination`, where
    its first steps were only diagnosed.
    status: `ok`, `diverged`, `stopped_early`, `MemoryError`, `killed`,
    `predicted-not-run`, `unavailable` (no such device here) or `failed`; reason: a
    sentence on it. seconds, bytes: cost.
    trial: the declaration. values: name to number. curves: name to numbers.
    """

    key: str
    scenario: str
    fix: str
    role: str
    seed: int
    device: str = "cpu"
    status: str = "ok"
    reason: str | None = None
    seconds: float | None = None
    bytes: int | None = None
    trial: dict[str, Any] = field(default_factory=dict)
    values: dict[str, float | None] = field(default_factory=dict)
    curves: dict[str, list[float | None]] = field(default_factory=dict)


COLUMNS = tuple(column.name for column in fields(Run))


def to_row(run: Run) -> tuple[Any, ...]:
    """Return the columns of `run`, its dicts as JSON without NaN and infinities."""
    return (
        *(run.key, run.scenario, run.fix, run.role, int(run.seed), run.device),
        *(run.status, run.reason, finite(run.seconds), finite(run.bytes)),
        json.dumps(run.trial, sort_keys=True, allow_nan=False),
        json.dumps({name: finite(v) for name, v in run.values.items()}),
        json.dumps({name: [finite(v) for v in c] for name, c in run.curves.items()}),
    )


def from_row(row: tuple[Any, ...]) -> Run:
    """Return the run of a row of `COLUMNS`."""
    columns = dict(zip(COLUMNS, row, strict=True))
    for name in ("trial", "values", "curves"):
        columns[name] = json.loads(columns[name])
    return Run(**columns)


def tidy_lines(run: Run) -> Iterator[tuple[Any, ...]]:
    """Yield one line per value: scenario, fix, role, seed, metric, value, unit, ..."""
    values: Iterable[tuple[str | None, float | None]] = run.values.items()
    start = (run.scenario, run.fix, run.role, run.seed)
    end = (run.device, run.seconds, run.bytes, run.status)
    for metric, value in values or [(None, None)]:
        unit = _UNITS.get((metric or "").rpartition("_")[2], "")
        yield (*start, metric, math.nan if value is None else value, unit, *end)


def finite(number: Any) -> float | int | None:
    """Return a plain int or float of any number, None where it is not finite."""
    if number is None or isinstance(number, Integral):
        return None if number is None else int(number)
    number = float(number)
    return number if math.isfinite(number) else None
