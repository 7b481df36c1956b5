"""Columns that are nearly combinations of each other."""

import numpy as np

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC114", "Columns that nearly repeat each other", 24
_LIMIT, _EACH = 1e4, 5
_EXACT = 1e12  # beyond it rounding decides


def check(look):
    """The correlation matrix of the numeric columns has a condition number above 1e4.

    Scales play no part in it. Asked where there are five rows a column.
    Source: Belsley, Kuh & Welsch (1980), Regression Diagnostics, chapter 3.
    """
    names, x = look.numbers
    varies = x.std(axis=0) > 0
    names = [n for n, v in zip(names, varies, strict=True) if v]
    x = x[:, varies]
    if len(names) < 2 or len(x) < _EACH * len(names):
        return None
    correlation = np.corrcoef(x, rowvar=False)
    values, vectors = np.linalg.eigh(correlation)
    condition = values[-1] / max(values[0], np.finfo(float).eps)
    if not condition > _LIMIT:
        return None
    share = np.abs(vectors[:, 0])
    worst = [names[k] for k in np.argsort(-share) if share[k] > 0.2][:6]
    return Finding(
        CODE,
        "conditioning",
        TITLE,
        WEIGHT,
        f"{_said(condition)} Mostly {named(worst)}.",
        "Drop all but one of them, or put their principal components in their place.",
        tuple(worst),
        numbers={"condition": float(condition)},
    )


def _said(condition):
    if condition > _EXACT:
        return "A column is exactly a combination of others."
    return (
        f"The condition number of the columns' correlations is {condition:,.0f}; above"
        f" {_LIMIT:,.0f} steps are slow along some direction."
    )
