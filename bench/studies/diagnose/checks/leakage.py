"""A feature that gives the answer away by itself."""

import warnings

import numpy as np

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC106", "A feature that gives the answer away", 1
_LIMIT, _FOLDS = 0.99, 3
_ROWS, _LEAST = 3000, 30


def check(look):
    """One feature alone predicts left-out rows with an AUC, or R², above .99.

    By a small tree on three folds; for numbers also by a straight line. Of several
    classes: the mean AUC of each against the others. Source: Kaufman, Rosset & Perlich
    (2011), Leakage in data mining, KDD (the trouble; the limit is ours).
    """
    rows = look.some(look.rest, _ROWS)
    y = look.table.y[rows]
    if len(rows) < _LEAST or not look.names:
        return None
    score = _auc if look.table.classes else _r2
    scores = {c.name: score(c.codes[rows], y, look.seed) for c in look.columns}
    found = sorted(
        (n for n, s in scores.items() if s > _LIMIT), key=lambda n: -scores[n]
    )
    if not found:
        return None
    what = "AUC" if look.table.classes else "R²"
    all_of_them = len(found) == len(scores)
    drops = () if all_of_them else tuple(found)
    return Finding(
        CODE,
        "leakage",
        TITLE,
        WEIGHT,
        f"{named(found)} alone predicts {look.table.target} with an {what} of"
        f" {scores[found[0]]:.4f} on rows left out."
        + (" Left out of training." if drops else ""),
        "Ask whether it is known before the answer is. If so, keep it by --mute GC106.",
        tuple(found),
        drops,
        {"score": scores[found[0]]},
    )


def _auc(x, y, seed):
    """Cross-validated AUC of a tree on one feature, the mean over the classes."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    classes, counts = np.unique(y, return_counts=True)
    classes = classes[counts >= _FOLDS]
    kept = np.isin(y, classes)
    x, y = _filled(x)[kept], y[kept]
    if len(classes) < 2 or np.ptp(x) == 0:
        return 0.0
    tree = DecisionTreeClassifier(max_leaf_nodes=max(8, 2 * len(classes)))
    tree.set_params(random_state=0, min_samples_leaf=2)
    p = np.zeros((len(y), len(classes)))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for train, test in folds.split(x, y):
            fitted = tree.fit(x[train], y[train])
            places = np.searchsorted(classes, fitted.classes_)
            p[np.ix_(test, places)] = fitted.predict_proba(x[test])
    of = [roc_auc_score(y == c, p[:, k]) for k, c in enumerate(classes)]
    return float(np.mean(of))


def _r2(x, y, seed):
    """Cross-validated R² of the better of a tree and a line on one feature."""
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import r2_score
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.tree import DecisionTreeRegressor

    x = _filled(x)
    if np.ptp(x) == 0:
        return 0.0
    folds = KFold(_FOLDS, shuffle=True, random_state=seed)
    models = (LinearRegression(), DecisionTreeRegressor(max_leaf_nodes=128))
    models[1].set_params(random_state=0, min_samples_leaf=3)
    return max(float(r2_score(y, cross_val_predict(m, x, y, cv=folds))) for m in models)


def _filled(x):
    known = x[~np.isnan(x)]
    return np.where(np.isnan(x), known.min() - 1 if known.size else 0.0, x)[:, None]
