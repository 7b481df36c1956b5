"""A user's table with its target, its kinds of columns, and what was left out."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ....errors import BadData, did_you_mean
from .columns import Column, column_of
from .files import Rows
from .task import targets


@dataclass(frozen=True)
class UserTable:
    """What is to be learnt from what.

    name: of the file. columns: {name: Column} of all features, in order. y: float[n],
    class numbers or values; classes: their names in order, () where values are learnt.
    target: the column's name; groups: int[n] or None, rows that must stay together;
    time: float[n] or None, by which rows are split. total: rows of the file, of which
    these are a sample where there are more; lost: rows without a target, left out.
    """

    name: str
    columns: dict[str, Column]
    y: np.ndarray
    classes: tuple[str, ...]
    target: str
    groups: np.ndarray | None = None
    time: np.ndarray | None = None
    total: int = 0
    lost: int = 0
    names: dict[str, str] = field(default_factory=dict)  # of group and time

    @property
    def rows(self) -> int:
        return len(self.y)

    @property
    def task(self) -> str:
        return "classification" if self.classes else "regression"

    @property
    def sampled(self) -> bool:
        return self.total > self.rows + self.lost

    def of(self, *kinds: str) -> list[Column]:
        """The columns of some kinds."""
        return [c for c in self.columns.values() if c.kind in kinds]


def user_table(
    rows: Rows,
    target: str | None = None,
    task: str | None = None,
    group: str | None = None,
    time: str | None = None,
) -> UserTable:
    """The table of some rows. Raises BadData in one sentence where it cannot be used.

    target, group, time: names of columns; task: `classification` or `regression`, None
    to find it from the target.
    """
    frame = rows.frame
    frame.columns = [str(name) for name in frame.columns]
    target = target or rows.target
    if target is None:
        raise BadData(
            f"{rows.name} does not say what to predict: name --target COLUMN."
        )
    for name in filter(None, (target, group, time)):
        _check(name, frame.columns, rows.name)
    if len({target, group, time} - {None}) < len(
        [*filter(None, (target, group, time))]
    ):
        raise BadData("--target, --group and --time must be different columns.")
    known = _known(frame[target])
    lost = int((~known).sum())
    frame = frame[known].reset_index(drop=True)
    y, classes = targets(frame[target], task)
    left = frame.drop(columns=[n for n in (target, group, time) if n])
    columns = {name: column_of(name, left[name]) for name in left.columns}
    if not columns:
        raise BadData(f"{rows.name} has no column beside {target} to predict it from.")
    return UserTable(
        rows.name,
        columns,
        y,
        classes,
        target,
        None if group is None else _groups(frame[group]),
        None if time is None else _time(column_of(time, frame[time])),
        rows.total,
        lost,
        {k: v for k, v in {"group": group, "time": time}.items() if v},
    )


def _check(name: str, columns: Any, file: str) -> None:
    if name in columns:
        if list(columns).count(name) > 1:
            raise BadData(f"{file} has several columns {name!r}: rename all but one.")
        return
    shown = [str(c) for c in columns][:12]
    more = ", ..." if len(columns) > 12 else ""
    raise BadData(
        f"{file} has no column {name!r}{did_you_mean(name, map(str, columns))}; it has"
        f" {', '.join(shown)}{more}."
    )


def _known(column: Any) -> np.ndarray:
    """bool[n]: targets that say something."""
    known = np.array(column.notna(), dtype=bool)
    if column.dtype.kind == "f":
        known &= np.isfinite(column.to_numpy())
    elif column.dtype.kind not in "biu":
        known &= (column.astype(str).str.strip() != "").to_numpy()
    if not known.any():
        raise BadData(f"column {column.name} has no value: there is nothing to learn.")
    return known


def _groups(column: Any) -> np.ndarray:
    import pandas as pd

    codes, _ = pd.factorize(column, use_na_sentinel=False)
    if len(np.unique(codes)) < 3:
        raise BadData(
            f"--group {column.name} has fewer than 3 groups, too few for a training,"
            " a validation and a test part; leave it out."
        )
    return codes


def _time(column: Column) -> np.ndarray:
    if column.kind not in ("number", "time"):
        raise BadData(
            f"--time {column.name} holds neither numbers nor dates; write dates as"
            " 2026-03-31 or 2026-03-31T12:00:00."
        )
    values = np.asarray(column.values, float)
    if not np.isfinite(values).all():
        raise BadData(f"--time {column.name} has missing values; fill or drop them.")
    return values
