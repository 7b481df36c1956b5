"""A user's own table, from a CSV or parquet file."""

from pathlib import Path

import numpy as np

from .table import DataError, Table, nearest

_MOST_CLASSES = 20


def read_file(path, target):
    """The table in a file: `target` is the answer, every other column a feature.

    A target of text or truth values, or of at most 20 distinct whole numbers, is taken
    as classes in sorted order; any other as one number to predict. Raises DataError
    where the file is missing or unreadable, a column is not numeric, or the target is
    one class only.
    """
    frame = _frame(Path(path))
    if target not in frame.columns:
        raise DataError(nearest("column", target, [str(c) for c in frame.columns]))
    answer = frame.pop(target)
    text = [str(c) for c in frame.columns if frame[c].dtype.kind not in "biuf"]
    if text:
        raise DataError(
            f"column {text[0]} is not numeric: encode it as numbers or leave it out"
        )
    x = frame.to_numpy(np.float64)
    y, classes = _answers(answer)
    if classes == 1:
        raise DataError(
            f"column {target} holds one class only: there is nothing to tell apart"
        )
    task = f"{classes} classes" if classes else "a number"
    about = f"{Path(path).name}: {len(x):,} rows, {x.shape[1]} features, target"
    names = tuple(str(c) for c in frame.columns)
    return Table(x, y, classes, f"{about} {target} ({task}).", names)


def _frame(path):
    import pandas as pd

    if not path.is_file():
        raise DataError(f"there is no file {path}")
    if path.suffix not in {".csv", ".parquet"}:
        raise DataError(f"{path.name} is neither a .csv nor a .parquet file")
    try:
        return (pd.read_csv if path.suffix == ".csv" else pd.read_parquet)(path)
    except ImportError as error:
        raise DataError(
            "reading parquet needs pyarrow: pip install 'gradclinic[parquet]'"
        ) from error
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path.name} cannot be read: {reason}") from error


def _answers(answer):
    """(y float64[rows, 1], number of classes or 0) of the target column."""
    if answer.isna().any():
        return np.full((len(answer), 1), np.nan), 0
    distinct = answer.unique()
    numeric = answer.dtype.kind in "iuf"
    if numeric and (len(distinct) > _MOST_CLASSES or (answer % 1 != 0).any()):
        return answer.to_numpy(np.float64)[:, None], 0
    rank = {value: index for index, value in enumerate(sorted(distinct))}
    return answer.map(rank).to_numpy(np.float64)[:, None], len(rank)
