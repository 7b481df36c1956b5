"""Text files: which encoding, which separator, and their rows in parts."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....errors import BadData

# Rows of a part: a few ten megabytes of a wide table.
_PART = 50_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t|"


def text_parts(file: Path) -> Iterator[Any]:
    """The DataFrames of a delimited text file, in order.

    Raises BadData where it is empty or no text of a known encoding.
    """
    import pandas as pd

    encoding, separator = text_kind(file)
    try:
        with pd.read_csv(
            file,
            sep=separator,
            encoding=encoding,
            chunksize=_PART,
            low_memory=False,
            skipinitialspace=True,
        ) as parts:
            yield from parts
    except pd.errors.EmptyDataError as error:
        raise BadData(f"{file.name} is empty: it needs a line of names.") from error
    except UnicodeError as error:
        raise BadData(
            f"{file.name} is not text in {encoding}: save it as UTF-8."
        ) from error


def text_kind(file: Path) -> tuple[str, str]:
    """(encoding by the byte order mark, separator by the first lines)."""
    from pandas.io.common import get_handle

    with get_handle(file, "rb", compression="infer", is_text=False) as opened:
        start = bytes(opened.handle.read(65_536))
    encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    if b"\0" in start and encoding.startswith("utf-8"):
        raise BadData(f"{file.name} is not a text file: it holds zero bytes.")
    lines = start.decode(encoding, errors="replace").splitlines()[:20]
    if ".tsv" in file.suffixes or ".tab" in file.suffixes:
        return encoding, "\t"
    return encoding, _separator(lines)


def _separator(lines: list[str]) -> str:
    """The character that cuts the most lines alike, the comma where none does."""

    def worth(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(lines[:-1] or lines, delimiter=separator))
        widths = [len(row) for row in rows if row]
        width = widths[0] if widths else 0
        return (sum(w == width for w in widths) if width > 1 else 0), width

    best = max(_SEPARATORS, key=worth)
    return best if worth(best)[0] else ","
