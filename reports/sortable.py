"""Numbers in words that still know their number, so that a column can be sorted."""

from functools import wraps
from math import isfinite


class Sortable(str):
    """Text of a cell with its number; what is put together from it is plain text.

    value: None where there is none; such rows come last.
    """

    value: float | None

    def __new__(cls, text, value=None):
        made = super().__new__(cls, text)
        made.value = value
        return made


def sortable(say):
    """Make a function from a number to words return them as `Sortable`."""

    @wraps(say)
    def saying(value, *more):
        return Sortable(say(value, *more), value)

    return saying


def grouped(count):
    """A count with commas: 1,797."""
    return Sortable(f"{count:,}", count)


def sorts_by(cell):
    """The number of a cell as an attribute has it; None where there is none.

    cell: a `Sortable`, a number, or the pair of what is said first and below it.
    """
    if isinstance(cell, list | tuple):
        cell = cell[0] if cell else None
    value = cell.value if isinstance(cell, Sortable) else cell
    if isinstance(value, bool | str) or value is None or not isfinite(value):
        return None
    return f"{value:.10g}"
