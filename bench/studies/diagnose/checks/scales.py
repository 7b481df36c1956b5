"""Columns of very different size."""

import numpy as np

from .finding import Finding, short

CODE, TITLE, WEIGHT = "GC113", "Columns on very different scales", 23
_RATIO, _OFFSET = 100.0, 30.0


def check(look):
    """One column's standard deviation is 100 times another's, or a mean is far from 0.

    Far: 30 standard deviations and over, or a deviation beyond 1000 or below .001.
    Source: LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.3.
    """
    names, x = look.numbers
    spread = x.std(axis=0)
    varies = spread > 0
    if not varies.any():
        return None
    names = [n for n, v in zip(names, varies, strict=True) if v]
    x, spread = x[:, varies], spread[varies]
    wide, narrow = int(spread.argmax()), int(spread.argmin())
    ratio = spread[wide] / spread[narrow]
    offset = np.abs(x.mean(axis=0)) / spread
    far = int(offset.argmax())
    if ratio > _RATIO:
        evidence = (
            f"“{short(names[wide])}” varies by {spread[wide]:.3g} (standard deviation),"
            f" “{short(names[narrow])}” by {spread[narrow]:.3g}: {ratio:,.0f} times"
            " less."
        )
    elif offset[far] > _OFFSET:
        evidence = (
            f"“{short(names[far])}” lies at {x[:, far].mean():.4g} and varies by"
            f" {spread[far]:.3g} only."
        )
    elif spread[wide] > 1000 or spread[narrow] < 1e-3:
        which = wide if spread[wide] > 1000 else narrow
        evidence = f"“{short(names[which])}” varies by {spread[which]:.3g}."
    else:
        return None
    return Finding(
        CODE,
        "scales",
        TITLE,
        WEIGHT,
        f"{evidence} One learning rate cannot suit all weights.",
        "Standardise the inputs on the training rows (StandardScaler).",
        (names[wide], names[narrow]),
        numbers={"ratio": float(ratio), "offset": float(offset[far])},
    )
