"""Labels that speak against everything else in their rows."""

import warnings

import numpy as np

from ....statistics.intervals import wilson_interval
from .finding import Finding, short

CODE, TITLE, WEIGHT = "GC117", "Labels that look wrong", 20
_SHARE, _ROWS, _LEAST, _FOLDS = 0.06, 3000, 200, 4
_MOST_CLASSES, _EACH = 30, 10


def check(look):
    """Over 6 % of the labels are confidently contradicted by left-out predictions.

    A row counts where another class is as likely as it is, on average, for rows that
    bear its label: the off-diagonal of the confident joint. The lower 95 % bound of the
    share decides. Source: Northcutt, Jiang & Chuang (2021), Confident learning, JAIR
    70, section 3.1.
    """
    if not look.table.classes or not look.names:
        return None
    rows = look.some(look.rest, _ROWS)
    y = look.table.y[rows].astype(int)
    counts = np.bincount(y)
    if len(rows) < _LEAST or len(counts) > _MOST_CLASSES:
        return None
    if counts[counts > 0].min() < _EACH:
        return None
    p = _left_out(look, rows, y)
    wrong, other = contradicted(p, y)
    share, low, _ = wilson_interval(int(wrong.sum()), len(y))
    if not low > _SHARE:
        return None
    pairs, count = np.unique(
        np.column_stack([y[wrong], other[wrong]]), axis=0, return_counts=True
    )
    given, likely = (look.table.classes[k] for k in pairs[count.argmax()])
    return Finding(
        CODE,
        "label_noise",
        TITLE,
        WEIGHT,
        f"{100 * share:.0f} % of {len(y):,} labels contradict what the other rows"
        " say of"
        f" them, most often “{short(given)}” where “{short(likely)}” is likely. Wrong"
        " labels and classes that overlap look alike.",
        f"Look at these rows first, such as row {int(rows[_worst(p, y)]) + 1:,} of the"
        " table, and correct the labels.",
        numbers={"share": share},
    )


def contradicted(p, y):
    """(bool[n], int[n]): rows of the confident joint off its diagonal; their class.

    p: float[n, classes], left-out probabilities; y: int[n], the labels given.
    """
    limits = np.array(
        [p[y == c, c].mean() if (y == c).any() else np.inf for c in range(p.shape[1])]
    )
    above = np.where(p >= limits, p, -1.0)
    other = above.argmax(axis=1)
    return (above.max(axis=1) > 0) & (other != y), other


def _worst(p, y):
    return int(p[np.arange(len(y)), y].argmin())


def _left_out(look, rows, y):
    """float[n, classes]: of the better of boosted trees and a logistic regression."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x = look.codes(rows)
    filled = np.where(np.isnan(x), 0.0, x)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=look.seed)
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for model, inputs in ((look.boosting(), x), (linear, filled)):
            p = cross_val_predict(model, inputs, y, cv=folds, method="predict_proba")
            whole = np.zeros((len(y), len(look.table.classes)))
            whole[:, np.unique(y)] = p
            found.append(whole)
    return min(found, key=lambda p: log_loss(y, p, labels=np.arange(p.shape[1])))
