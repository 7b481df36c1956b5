"""Classes of which one is rare."""

import numpy as np

from .finding import Finding, short

CODE, TITLE, WEIGHT = "GC112", "A rare class", 22
_SHARE = 0.1


def check(look):
    """The smallest class has less than a tenth of an even share of the rows."""
    table = look.table
    if not table.classes:
        return None
    counts = np.bincount(table.y.astype(int), minlength=len(table.classes))
    rarest, commonest = int(counts.argmin()), int(counts.argmax())
    if counts[rarest] >= _SHARE * table.rows / len(counts):
        return None
    share = counts / table.rows
    return Finding(
        CODE,
        "imbalance",
        TITLE,
        WEIGHT,
        f"“{short(table.classes[rarest])}” has {counts[rarest]:,} rows"
        f" ({100 * share[rarest]:.2g} %), “{short(table.classes[commonest])}”"
        f" {counts[commonest]:,}: always guessing the latter is right on"
        f" {100 * share[commonest]:.0f} %.",
        "Judge by balanced accuracy or ROC AUC, weight the rare class, or collect more"
        " of it.",
        numbers={"smallest": float(share[rarest]), "largest": float(share[commonest])},
    )
