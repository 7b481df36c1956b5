"""Copies of training rows among the rows that judge."""

import numpy as np

from .copies import beyond_chance, row_numbers
from .finding import Finding

CODE, TITLE, WEIGHT = "GC107", "Copies on both sides of a random split", 2
_SHARE, _LEAST = 0.01, 2


def check(look):
    """At least 1 % of the rows that a random fifth holds have an equal row outside it.

    Rows whose features are equal; where columns have few values, equal rows are no
    copies. Rows that are split by group or time are split as asked. Source: Kapoor &
    Narayanan (2023), Leakage and the reproducibility crisis, Patterns 4.
    """
    table = look.table
    if table.groups is not None or table.time is not None or not look.names:
        return None
    numbers = row_numbers(look)
    fifth = np.random.default_rng([look.seed, 5]).random(table.rows) < 0.2
    inside = np.isin(numbers[fifth], numbers[~fifth])
    count, share = int(inside.sum()), float(inside.mean()) if fifth.any() else 0.0
    if count < _LEAST or share < _SHARE or not beyond_chance(look, numbers):
        return None
    return Finding(
        CODE,
        "copies_across",
        TITLE,
        WEIGHT,
        f"{100 * share:.0f} % of the rows in a random test part have an equal row in"
        " the"
        " training part, so a test rewards memory. Here equal rows stay on one side.",
        "Drop the copies before you split, or split by what makes them equal"
        " (--group).",
        numbers={"share": share},
    )
