"""Rows that occur more than once."""

import numpy as np

from .copies import beyond_chance, row_numbers
from .finding import Finding, plural

CODE, TITLE, WEIGHT = "GC108", "Duplicated rows", 93
_SHARE, _LEAST = 0.01, 2


def check(look):
    """At least 1 % of the rows repeat another, target included, beyond chance.

    Where a random split is asked for, GC107 tells of the same rows.
    """
    if (look.table.groups is None and look.table.time is None) or not look.names:
        return None
    numbers = row_numbers(look, target=True)
    count = look.table.rows - len(np.unique(numbers))
    share = count / look.table.rows
    if count < _LEAST or share < _SHARE or not beyond_chance(look, numbers):
        return None
    return Finding(
        CODE,
        "duplicates",
        TITLE,
        WEIGHT,
        f"{plural(count, 'row')} of {look.table.rows:,} ({100 * share:.0f} %) repeat an"
        " earlier one.",
        "Find out whether they were recorded twice; if so, drop them.",
        numbers={"share": share},
    )
