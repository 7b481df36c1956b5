"""Columns that name a row instead of describing it."""

import re

import numpy as np

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC103", "Columns that number or name the rows", 5
# Share of the values that must differ, and how many numbers they may be spread over.
_DISTINCT, _SPREAD = 0.98, 2.0
_LEAST = 20
_NAMED = re.compile(
    r"(^|[_\s.-])(id|ids|uuid|guid|key|index|rowid|nr|no)$|ID$|Id$", re.I
)


def check(look):
    """Nearly every value occurs once: whole numbers without gaps, or short names.

    Whole numbers spread further count where the column is called an id.
    """
    found = [c.name for c in look.columns if _names_rows(c)]
    if not found:
        return None
    first = look.table.columns[found[0]]
    distinct = len(np.unique(first.codes[~first.missing]))
    return Finding(
        CODE,
        "identifier",
        TITLE,
        WEIGHT,
        f"{named(found)}: {distinct:,} different values in {look.table.rows:,} rows, as"
        " a row number has. Left out of training.",
        "Drop it. If it tells which rows belong together, give it as --group.",
        tuple(found),
        tuple(found),
        {"distinct": distinct},
    )


def _names_rows(column):
    known = column.codes[~column.missing]
    if known.size < _LEAST or len(np.unique(known)) < _DISTINCT * known.size:
        return False
    if column.kind in ("text", "category"):
        return _short(column)
    if column.kind != "number" or not column.whole:
        return False
    dense = np.ptp(known) + 1 <= _SPREAD * known.size
    return bool(dense or _NAMED.search(column.name))


def _short(column):
    """Names are short; sentences are not."""
    lengths = [len(v.split()) for v in column.values if v is not None]
    return float(np.mean(lengths)) < 4
