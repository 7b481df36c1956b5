"""Curves in a table of text: CSVLogger of Keras and of Lightning, and any other."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import BadData
from ...statistics.logged import LoggedSeries
from .logged import Logged, logged
from .names import chosen_columns, place_column

_SEPARATORS = (",", ";", "\t", "|")
_HOLES = ("", "na", "n/a", "none", "null", "-", "<na>")
_NOTHING = "the first line must name the columns, such as epoch,train_loss,val_loss."


def curves_of_table(text: str, path: Path) -> Logged:
    """The curves in the text of a table.

    A cell that is empty or NA holds nothing; so does NaN between other values, since a
    loss that is once not a number stays so. Raises BadData, one sentence.
    """
    frame = _frame(text, path)
    columns = chosen_columns(frame.columns)
    places = {kind: name for name in frame.columns if (kind := place_column(name))}
    if not any(series.endswith("loss") for series in columns):
        raise BadData(
            f"{path.name} names no training or validation loss among its columns,"
            f" {_listed(frame.columns)}; name them train_loss and val_loss."
        )
    numbers = {
        name: _numbers(frame, name) for name in (*columns.values(), *places.values())
    }
    x, unit, notes = _places(numbers, columns, places, len(frame))
    series = {
        name: _series(x, *numbers[column], unit, path)
        for name, column in columns.items()
    }
    return logged(series, unit, _layout(frame.columns, numbers), columns, notes)


def _frame(text: str, path: Path) -> Any:
    lines = text.lstrip().splitlines()[:1]
    if not lines:
        raise BadData(f"{path.name} is empty; {_NOTHING}")
    separator = max(_SEPARATORS, key=lines[0].count)
    pattern = separator if separator in lines[0] else r"\s+"
    names = next(csv.reader(lines, delimiter=separator), [])
    names = [n.strip() for n in (names if separator in lines[0] else lines[0].split())]
    _check_header(names, path)
    try:
        frame = pd.read_csv(
            io.StringIO(text.lstrip()),
            sep=pattern,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skipinitialspace=True,
            index_col=False,
        )
    except (ValueError, pd.errors.ParserError) as error:
        said = " ".join(str(error).split()).rpartition("C error: ")[2]
        raise BadData(f"{path.name} is no table: {said}.") from error
    frame.columns = names
    frame = frame.fillna("")
    again = np.flatnonzero(frame[names[0]].str.strip() == names[0])
    again = [k for k in again if [c.strip() for c in frame.iloc[k]] == names]
    frame = frame.drop(index=again).reset_index(drop=True)
    if separator != "," and separator in lines[0]:
        frame = frame.replace(r"^\s*([+-]?\d*),(\d+)\s*$", r"\1.\2", regex=True)
    if frame.empty:
        raise BadData(f"{path.name} holds a header and no rows.")
    return frame


def _check_header(names: list[str], path: Path) -> None:
    if all(_is_number(name) for name in names):
        raise BadData(f"{path.name} has no header; {_NOTHING}")
    twice = [name for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if twice:
        raise BadData(
            f"The header of {path.name} names {twice[0]!r} twice; keep one of the"
            " columns."
        )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _numbers(frame: Any, name: str) -> tuple[np.ndarray, np.ndarray]:
    """(float64[rows], bool[rows], is there a value) of a column; BadData on text."""
    cells = frame[name]
    y = np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=float)
    odd = np.flatnonzero(np.isnan(y))
    words = cells.iloc[odd].str.strip().str.lower()
    said = words.str.lstrip("+-").eq("nan").to_numpy()
    empty = words.isin(_HOLES).to_numpy()
    for row in odd[~said & ~empty][:1]:
        raise BadData(
            f"Row {row + 1:,} holds {cells.iloc[row].strip()!r:.60} in column {name!r},"
            " which is not a number."
        )
    holes, known = np.zeros(len(y), dtype=bool), np.flatnonzero(~np.isnan(y))
    holes[odd[empty]] = True
    if known.size and said[odd < known[-1]].any():
        holes[odd] = True
    return y, ~holes


def _places(numbers, columns, places, rows):
    """(x float64[rows], what it counts, notes)."""
    count = np.arange(rows, dtype=float)
    if not places:
        note = "There is no column epoch or step: rows are counted."
        return count, "step", (note,)
    read = [numbers[name][1] for name in columns.values()]
    for unit in ("epoch", "step"):
        if unit in places:
            x, there = numbers[places[unit]]
            if all(_rises(x[rows_of & there]) for rows_of in read):
                return np.where(there, x, np.nan), unit, ()
    unit = "step" if "step" in places else "epoch"
    x, there = numbers[places[unit]]
    if all((np.diff(x[rows_of & there]) >= 0).all() for rows_of in read):
        note = f"Several rows have one {unit}: rows are counted."
        return count, "step", (note,)
    return np.where(there, x, np.nan), unit, ()


def _rises(x: np.ndarray) -> bool:
    return bool((np.diff(x) > 0).all())


def _series(x, y, there, unit, path) -> LoggedSeries:
    if np.isnan(x[there]).any():
        row = int(np.flatnonzero(there & np.isnan(x))[0])
        raise BadData(f"Row {row + 1:,} of {path.name} has a loss and no {unit}.")
    return LoggedSeries(x[there], y[there])


def _layout(names, numbers) -> str:
    holes = any(not there.all() for _, there in numbers.values())
    known = {str(name) for name in names}
    if {"epoch", "step"} <= known and holes:
        return "Lightning CSVLogger"
    if {"epoch", "loss"} <= known and not holes:
        return "Keras CSVLogger"
    return "table"


def _listed(names) -> str:
    said = [str(name)[:40] for name in list(names)[:6]]
    return ", ".join(said) + (", ..." if len(names) > 6 else "")
