"""Fewer rows than so many columns, or classes, ask for."""

import numpy as np

from ..encoding import CATEGORIES
from .finding import Finding, short

CODE, TITLE, WEIGHT = "GC116", "Too few rows", 21
_EACH, _LEAST, _CLASS = 5, 100, 10


def check(look):
    """Fewer than 5 rows an input, than 100 rows in all, or than 10 of a class.

    Source: Harrell (2015), Regression Modeling Strategies, section 4.4 (10 to 20 rows
    an input for a linear model; ours is the point from which little can be judged).
    """
    table = look.table
    inputs = sum(_inputs(column) for column in look.columns)
    counts = (
        np.bincount(table.y.astype(int)) if table.classes else np.array([table.rows])
    )
    rarest = int(counts.argmin())
    if table.rows < _EACH * inputs:
        evidence = f"{table.rows:,} rows for {inputs:,} inputs"
        wanted = _EACH * inputs
    elif table.rows < _LEAST:
        evidence, wanted = f"{table.rows:,} rows", _LEAST
    elif counts[rarest] < _CLASS and table.classes:
        evidence = (
            f"{counts[rarest]} rows of the class “{short(table.classes[rarest])}”"
        )
        wanted = round(table.rows * _CLASS / max(counts[rarest], 1))
    else:
        return None
    return Finding(
        CODE,
        "few_rows",
        TITLE,
        WEIGHT,
        f"{evidence}: a network can memorise them, and what is judged on the rest"
        " is rough.",
        f"Collect rows, {wanted:,} at least; drop inputs; or take a simpler model.",
        numbers={"rows": table.rows, "inputs": inputs, "wanted": wanted},
    )


def _inputs(column):
    if column.kind != "category":
        return 1
    return min(CATEGORIES, len({v for v in column.values if v is not None}))
