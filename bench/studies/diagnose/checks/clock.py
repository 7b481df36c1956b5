"""Columns that tell the time of a row, where rows are not split by it."""

import re

import numpy as np

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC104", "Columns that tell the time", 91
_NAMED = re.compile(r"time|date|stamp|year|month|epoch", re.I)


def check(look):
    """A column holds dates, or rising numbers under the name of a time."""
    if look.table.time is not None:
        found = [c.name for c in look.columns if c.kind == "time"]
    else:
        found = [c.name for c in look.columns if c.kind == "time" or _rises(c)]
    if not found:
        return None
    return Finding(
        CODE,
        "clock",
        TITLE,
        WEIGHT,
        f"{named(found)}. Left out of training, since a later row has a time that"
        " training never saw.",
        f"If new rows come later than these, judge as they will: --time {found[0]!r}."
        if look.table.time is None
        else "Make features of it, such as the hour or the weekday.",
        tuple(found),
        tuple(found),
        {"columns": len(found)},
    )


def _rises(column):
    if column.kind != "number" or not _NAMED.search(column.name):
        return False
    known = column.values[~column.missing]
    return known.size > 20 and bool((np.diff(known) >= 0).all()) and np.ptp(known) > 0
