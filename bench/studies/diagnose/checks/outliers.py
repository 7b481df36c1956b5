"""Values far from all others."""

import numpy as np

from .finding import Finding, named, short

CODE, TITLE, WEIGHT = "GC115", "Values far from all others", 25
_FAR, _SHARE = 25.0, 0.01


def check(look):
    """A value lies 25 robust standard deviations from the median of its column.

    Robust: the distance of the quartiles / 1.349. At most 1 % of a column may be so, or
    it is a heavy tail. A column whose quartiles are equal is not asked.
    """
    names, x = look.numbers
    found = {}
    columns = [*zip(names, x.T, strict=True)]
    if not look.table.classes:
        columns.append((look.table.target, look.table.y))
    for name, column in columns:
        low, middle, high = np.percentile(column, (25, 50, 75))
        if high == low:
            continue
        away = np.abs(column - middle) / ((high - low) / 1.349)
        if 0 < (away > _FAR).mean() <= _SHARE:
            found[name] = (
                float(away.max()),
                float(column[away.argmax()]),
                float(middle),
            )
    if not found:
        return None
    worst = sorted(found, key=lambda name: -found[name][0])
    away, value, middle = found[worst[0]]
    return Finding(
        CODE,
        "outliers",
        TITLE,
        WEIGHT,
        f"{named(worst)}: “{short(worst[0])}” is {value:.4g} in one row, {away:,.0f}"
        f" robust standard deviations from its median {middle:.4g}.",
        "Check whether they are errors; if not, take logarithms, ranks or a cap.",
        tuple(worst),
        numbers={"deviations": away},
    )
