"""A table from a file by its ending: CSV, TSV, parquet, Arrow, Feather, NPZ."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from .....scenarios.data.bundled import ABOUT
from ....errors import BadData, did_you_mean, from_system
from .sample import RowSample
from .text import text_kind, text_parts

if TYPE_CHECKING:
    import pandas

# Rows that are kept of a larger table, unless --sample says otherwise.
MOST_ROWS = 20_000
_PARQUET = "reading {} needs pyarrow: pip install 'gradclinic[parquet]'"


@dataclass(frozen=True)
class Rows:
    """Columns as they were found, and of how many rows they are.

    frame: the rows in their order; total: rows there are; name: of the file or data
    set; target: the column to predict where the source itself names one. path: as it
    was given, None for what is no file; code: how pandas reads it, in Python.
    """

    frame: "pandas.DataFrame"
    total: int
    name: str
    target: str | None = None
    path: str | None = None
    code: str = ""


def read_rows(path: str, most: int | None, seed: int) -> Rows:
    """At most `most` rows of a file, or of a data set of scikit-learn, drawn by `seed`.

    most None: all up to `MOST_ROWS`, else a sample of so many. Rows stay in order.
    Raises BadData in one sentence where the file is missing or cannot be read.
    """
    file = Path(path)
    if path in ABOUT and not file.exists():
        return _bundled(path, most, seed)
    if not file.is_file():
        near = did_you_mean(path, ABOUT)
        raise BadData(f"There is no file {path}{near}; name a file that exists.")
    ending = _ending(file)
    if ending not in _PARTS:
        known = ", ".join(sorted(_PARTS))
        raise BadData(
            f"{file.name} has an ending that is not known: save it as one of {known}."
        )
    sample = RowSample(most or MOST_ROWS, seed)
    try:
        target = _PARTS[ending](file, sample)
    except BadData:
        raise
    except ImportError as error:
        raise BadData(f"{file.name}: {_PARQUET.format(ending)}.") from error
    except (PermissionError, IsADirectoryError) as error:
        raise from_system(error) from error
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadData(
            f"{file.name} cannot be read: {reason.rstrip('.')}; check that it is a"
            f" whole {ending} file."
        ) from error
    frame, code = sample.frame(file.name), _code(file, ending)
    return Rows(frame, sample.total, file.name, target, path, code)


def _ending(file: Path) -> str:
    """`.csv` of a.csv and of a.csv.gz."""
    packed = {".gz", ".bz2", ".xz", ".zip"}
    endings = [suffix.lower() for suffix in file.suffixes]
    plain = [suffix for suffix in endings if suffix not in packed]
    return plain[-1] if plain else ""


def _bundled(name: str, most: int | None, seed: int) -> Rows:
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")(as_frame=True).frame
    sample = RowSample(most or MOST_ROWS, seed)
    sample.add(found)
    code = f"pd.DataFrame(datasets.load_{name}(as_frame=True).frame)"
    return Rows(sample.frame(name), sample.total, name, "target", name, code)


def _code(file: Path, ending: str) -> str:
    """The expression that reads a file whole."""
    path = str(file)
    if ending in (".parquet", ".arrow", ".feather"):
        return f"pd.read_{'parquet' if ending == '.parquet' else 'feather'}({path!r})"
    if ending == ".npz":
        return f"pd.DataFrame(dict(np.load({path!r})))"
    encoding, separator = text_kind(file)
    more = "" if separator == "," else f", sep={separator!r}"
    more += "" if encoding.startswith("utf-8") else f", encoding={encoding!r}"
    return f"pd.read_csv({path!r}{more})"


def _text(file: Path, sample: RowSample) -> None:
    for part in text_parts(file):
        sample.add(part)


def _parquet(file: Path, sample: RowSample) -> None:
    parquet = import_module("pyarrow.parquet")
    for batch in parquet.ParquetFile(file).iter_batches(65_536):
        sample.add(batch.to_pandas())


def _arrow(file: Path, sample: RowSample) -> None:
    """The file format of Arrow, which Feather 2 is too, or its stream format."""
    pyarrow, ipc = import_module("pyarrow"), import_module("pyarrow.ipc")
    with pyarrow.memory_map(str(file)) as source:
        start = bytes(source.read(6))
    if start.startswith(b"FEA1"):
        sample.add(import_module("pyarrow.feather").read_feather(str(file)))
        return
    with pyarrow.memory_map(str(file)) as source:
        if start == b"ARROW1":
            reader = ipc.open_file(source)
            batches = map(reader.get_batch, range(reader.num_record_batches))
        else:
            batches = ipc.open_stream(source)
        for batch in batches:
            sample.add(batch.to_pandas())


def _arrays(file: Path, sample: RowSample) -> str | None:
    """Arrays of an NPZ: each of one axis is a column, each of two one a column."""
    import pandas as pd

    columns = {}
    with np.load(file, allow_pickle=False) as found:
        for name in found.files:
            array = found[name]
            if array.ndim == 1:
                columns[name] = array
            elif array.ndim == 2:
                columns |= {f"{name}_{k}": c for k, c in enumerate(array.T)}
            else:
                raise BadData(
                    f"{file.name}: array {name} has {array.ndim} axes; a table needs"
                    " arrays of 1 or 2, the rows first."
                )
    lengths = {len(column) for column in columns.values()}
    if len(lengths) != 1:
        raise BadData(
            f"{file.name}: its arrays have {sorted(lengths)} rows; all must have as"
            " many."
        )
    sample.add(pd.DataFrame(columns))
    return "y" if "y" in columns else None


_PARTS: dict[str, Callable[[Path, RowSample], str | None]] = {
    ".csv": _text,
    ".tsv": _text,
    ".tab": _text,
    ".txt": _text,
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".npz": _arrays,
}
