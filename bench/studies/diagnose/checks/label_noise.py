"""Labels that speak against everything else in their rows."""

import warnings

import numpy as np

from ....statistics.intervals import wilson_interval
from .finding import Finding, short

CODE, TITLE, WEIGHT = "GC117", "Labels that look wrong", 20
_SHARE, _ROWS, _LEAST, _FOLDS = 0.06, 3000, 200, 4
_MOST_CLASSES, _EACH = 30, 10
# Share of the surest quarter beside that of all rows; 1 where labels err at random.
_LIKE = 0.68


def check(look):
    """Over 6 % of the labels are contradicted where left-out predictions are surest.

    Of the quarter of the rows with the most confident predictions, the lower 95 % bound
    of the share that is contradicted decides, see `contradicted`; the share must also
    be 0.68 times that of all rows. For wrong labels are found everywhere, but where
    classes overlap only the unsure rows are contradicted. Source: Northcutt, Jiang &
    Chuang (2021), Confident learning, JAIR 70 (the left-out predictions; the rule on
    the surest quarter is ours).
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
    wrong, sure = contradicted(p, y)
    share, low, _ = wilson_interval(int((wrong & sure).sum()), int(sure.sum()))
    if not (low > _SHARE and share > _LIKE * wrong.mean()):
        return None
    other = p.argmax(axis=1)
    pairs, count = np.unique(
        np.column_stack([y[wrong], other[wrong]]), axis=0, return_counts=True
    )
    given, likely = (look.table.classes[k] for k in pairs[count.argmax()])
    worst = int(rows[np.where(wrong, p.max(axis=1), 0).argmax()])
    return Finding(
        CODE,
        "label_noise",
        TITLE,
        WEIGHT,
        f"Where the other rows speak most clearly, {100 * share:.0f} % of"
        f" {int(sure.sum()):,} labels say something else, most often"
        f" “{short(given)}” where “{short(likely)}” is likely.",
        f"Look at such rows first, as row {worst + 1:,} of those read, and correct the"
        " labels.",
        numbers={"share": share},
    )


def contradicted(p, y):
    """(bool[n], bool[n]): labels that are not the likeliest class; the surest quarter.

    p: float[n, classes], left-out probabilities; y: int[n], the labels given.
    """
    sure = np.zeros(len(y), bool)
    sure[np.argsort(-p.max(axis=1), kind="stable")[: (len(y) + 3) // 4]] = True
    return p.argmax(axis=1) != y, sure


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
