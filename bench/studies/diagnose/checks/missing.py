"""Cells without a value."""

import numpy as np

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC110", "Missing values", 30
_COLUMN, _ROWS = 0.05, 0.2


def check(look):
    """Over 5 % of a column, or of the cells in over 20 % of the rows, are missing."""
    gaps = {c.name: c.missing for c in look.columns}
    shares = {name: float(gap.mean()) for name, gap in gaps.items() if gap.any()}
    if not shares:
        return None
    rows = float(np.any([gaps[name] for name in shares], axis=0).mean())
    worst = sorted(shares, key=lambda name: -shares[name])
    if shares[worst[0]] <= _COLUMN and rows <= _ROWS:
        return None
    return Finding(
        CODE,
        "missing",
        TITLE,
        WEIGHT,
        f"{len(shares)} of {len(gaps)} columns have gaps, most {named(worst[:1])}"
        f" ({100 * shares[worst[0]]:.0f} %); {100 * rows:.0f} % of the rows have one."
        " Numbers are filled with the training median, texts with a value of their"
        " own.",
        "Find out why they are missing; where that tells something, add a column for"
        " it.",
        tuple(worst),
        numbers={"rows": rows, "worst": shares[worst[0]]},
    )
