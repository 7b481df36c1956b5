"""Later rows that differ from earlier ones."""

from typing import Any

import numpy as np

from .finding import Finding

CODE, TITLE, WEIGHT = "GC111", "Later rows differ from earlier ones", 3
_TELLS, _FALLS = 0.70, 0.05
_ROWS, _LEAST, _FOLDS = 3000, 100, 3


def check(look):
    """A model tells the later half from the earlier one (AUC > .70), or fails on it.

    It fails where its accuracy, or R², on the last 30 % of the rows is 5 points below
    that on random 30 %, by over three standard errors. In the order of --time, else of
    the rows, unless these are sorted by the target. Source: Lopez-Paz & Oquab (2017),
    Revisiting classifier two-sample tests, ICLR.
    """
    table = look.table
    if table.rows < _LEAST or not look.names:
        return None
    order = np.arange(table.rows) if table.time is None else np.argsort(table.time)
    y = table.y[order]
    if table.time is None and _sorted(y, bool(table.classes)):
        return None
    order = order[look.some(np.arange(table.rows), _ROWS)]
    auc, error = _halves(look, order)
    forward, random, spread = _ahead(look, order)
    told = auc > _TELLS and auc - 3 * error > 0.5
    failed = random - forward > max(_FALLS, 3 * spread)
    if not told and not failed:
        return None
    evidence = []
    if told:
        evidence.append(
            f"A model tells the later half of the rows by an AUC of {auc:.2f}"
        )
    if failed:
        what = "accuracy" if table.classes else "R²"
        evidence.append(
            f"{what} on the last 30 % is {forward:.2f}, on random 30 % {random:.2f}"
        )
    said = "; ".join(evidence)
    return Finding(
        CODE,
        "drift",
        TITLE,
        WEIGHT,
        f"{said[0].upper()}{said[1:]}."
        + ("" if table.time is not None else " The rows are taken in their order."),
        "Judge on later rows than those learnt from: give the column of times as"
        " --time."
        if table.time is None
        else "Train on recent rows, and look for what changed.",
        numbers={"auc": auc, "forward": forward, "random": random},
    )


def _sorted(y, classes):
    """Do rows come in the order of their targets? Then their order is no time."""
    changes = int((np.diff(y) != 0).sum())
    if classes:
        return changes < 3 * len(np.unique(y))
    steps = np.sign(np.diff(y))
    return abs(steps.mean()) > 0.9


def _halves(look, order):
    """(AUC, its standard error) of telling the later half, by cross-validation."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    x, later = look.codes(order), np.arange(len(order)) >= len(order) / 2
    kind: Any = HistGradientBoostingClassifier
    model = kind(max_iter=30, early_stopping=False, random_state=look.seed)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=look.seed)
    p: Any = cross_val_predict(model, x, later, cv=folds, method="predict_proba")
    auc = float(roc_auc_score(later, p[:, 1]))
    return auc, float(np.sqrt(auc * (1 - auc) / (len(order) / 2))) or 1e-6


def _ahead(look, order):
    """(score on the last 30 %, on random 30 %, standard error of their difference)."""
    x, y = look.codes(order), look.table.y[order]
    n = len(order)
    cut = n - round(0.3 * n)
    forward = _score(look, x, y, np.arange(n))
    rng = np.random.default_rng([look.seed, 11])
    found = [_score(look, x, y, rng.permutation(n)) for _ in range(_FOLDS)]
    random = float(np.mean(found))
    spread = float(np.std(found, ddof=1))
    if look.table.classes:
        spread = max(spread, np.sqrt(random * (1 - random) / (n - cut)))
    return forward, random, max(spread, 0.5 / np.sqrt(n))


def _score(look, x, y, places):
    cut = len(places) - round(0.3 * len(places))
    train, test = places[:cut], places[cut:]
    if look.table.classes and len(np.unique(y[train])) < 2:
        return 0.0
    model = look.boosting()
    return max(0.0, float(model.fit(x[train], y[train]).score(x[test], y[test])))
