"""What Python hands in: arrays, pandas, polars and other frames."""

import warnings
from typing import Any

import numpy as np

from ....errors import BadData
from .files import MOST_ROWS, Rows
from .sample import RowSample

TARGET = "target"


def rows_of(x: Any, y: Any, most: int | None, seed: int) -> Rows:
    """The rows of features x and targets y, as `read_rows` gives a file's.

    x: float[rows, features], a pandas DataFrame, or a frame that has columns; y: one
    value a row, or the name of a column of x. Raises BadData on other shapes.
    """
    frame = _frame(x)
    code = "x.copy()"
    if isinstance(y, str):
        if y not in frame.columns:
            raise BadData(f"x has no column {y!r}: name one of its columns as y.")
        target = y
    else:
        target = _free(frame)
        frame = frame.assign(**{target: _column(y, len(frame))})
        code = f"pd.DataFrame(x).assign({target}=y)"
    sample = RowSample(most or MOST_ROWS, seed)
    sample.add(frame)
    return Rows(sample.frame("x"), sample.total, "your table", target, code=code)


def _frame(x: Any) -> Any:
    import pandas as pd

    if isinstance(x, pd.DataFrame):
        found = x.reset_index(drop=True)
    elif hasattr(x, "columns") and hasattr(x, "__getitem__"):
        found = _exchanged(x)
    else:
        array = np.asarray(x)
        if array.ndim != 2:
            raise BadData(
                f"x must have 2 axes, rows and features, not {array.ndim}; use"
                " x.reshape(len(x), -1)."
            )
        found = pd.DataFrame(array, columns=[f"x{k}" for k in range(array.shape[1])])
    found.columns = [str(name) for name in found.columns]
    return found


def _exchanged(x: Any) -> Any:
    """A frame of another library, by the interchange protocol or column by column."""
    import pandas as pd

    if hasattr(x, "__dataframe__"):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pandas 4 will take Arrow instead
                return pd.api.interchange.from_dataframe(x)
        except Exception:  # a type that the protocol does not know, or no pyarrow
            pass
    return pd.DataFrame({str(name): np.asarray(x[name]) for name in x.columns})


def _column(y: Any, rows: int) -> np.ndarray:
    column = np.asarray(y)
    if column.ndim == 2 and column.shape[1] == 1:
        column = column[:, 0]
    if column.shape != (rows,):
        raise BadData(
            f"y must have one value a row, {rows} in all, not the shape {column.shape}."
        )
    return column


def _free(frame: Any) -> str:
    name = TARGET
    while name in frame.columns:
        name += "_"
    return name
