"""Equal rows with different answers."""

import numpy as np

from .copies import beyond_chance, row_numbers
from .finding import Finding

CODE, TITLE, WEIGHT = "GC109", "Equal rows with different answers", 9
_SHARE, _LEAST = 0.01, 4


def check(look):
    """At least 1 % of the rows have equal features and another target than their copy.

    Of classes only; where columns have few values, that is to be expected.
    """
    if not look.table.classes or not look.names:
        return None
    numbers, y = row_numbers(look), look.table.y
    first = np.full(numbers.max() + 1, np.nan)
    first[numbers] = y
    torn = np.unique(numbers[first[numbers] != y])
    count = int(np.isin(numbers, torn).sum())
    share = count / len(y)
    if count < _LEAST or share < _SHARE or not beyond_chance(look, numbers):
        return None
    return Finding(
        CODE,
        "contradiction",
        TITLE,
        WEIGHT,
        f"{count:,} rows ({100 * share:.0f} %) have a twin with equal features and"
        f" another {look.table.target}. No model can get both right.",
        "Look at these pairs: one label is wrong, or a feature that decides is"
        " missing.",
        numbers={"share": share},
    )
