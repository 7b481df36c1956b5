"""Can a trained network be explained? A shallow tree, and which inputs matter."""

from typing import Any

import numpy as np

from ...scenarios.data.sources import SOURCES
from .explainer import AsEstimator

# Roles whose networks are explained, and on how many seeds of a task.
EXPLAINED, EXPLAINED_SEEDS = ("baseline",), 8
# Names of what is found: the second is a property of two seeds.
NUMBERS = ("surrogate_agreement", "importance_spearman", "precision_at_k")
_DEPTH, _REPEATS = 3, 1
# Transforms after which a column is not what it was.
_MOVED = {
    "pca",
    "whitened",
    "polynomial",
    "fourier",
    "permuted",
    "most_informative",
    "sparse_model",
}
# Rows of a part that are looked at: the time of it is small beside the training's.
_ROWS = 256


def explained(net, params, split, known=None, seed=0):
    """({name: number} of `NUMBERS`, importances float[inputs] or None where none is).

    surrogate_agreement: a tree of depth 3 learns the predictions on the training rows;
    its share of equal predictions on the validation rows, R^2 where they are numbers.
    importances: rise of the validation loss where a column is shuffled. precision_at_k:
    share of the first `known` columns, those that matter, among the `known` largest.
    Of each part the first 256 rows. Without validation rows, or where the network left
    the numbers, nothing is found.
    Source: Craven & Shavlik (1995), Extracting tree-structured representations, NIPS;
    Breiman (2001), Random forests, Machine Learning 45.
    """
    from sklearn.inspection import permutation_importance

    trained = AsEstimator(net, params)
    if not len(split.x_val) or not np.isfinite(params).all():
        return {}, None
    x_train, x_val, y_val = (
        part[:_ROWS] for part in (split.x_train, split.x_val, split.y_val)
    )
    targets, unseen = trained.predict(x_train), trained.predict(x_val)
    if not (np.isfinite(targets).all() and np.isfinite(unseen).all()):
        return {}, None
    numeric = net.loss in ("mse", "huber")
    found = agreement((x_train, x_val), (targets, unseen), numeric)
    values = {"surrogate_agreement": found}
    with np.errstate(over="ignore", invalid="ignore"):
        shuffled: Any = permutation_importance(
            trained, x_val, y_val, n_repeats=_REPEATS, random_state=seed
        )
    importance = shuffled.importances_mean
    if not np.isfinite(importance).all():
        return values, None
    if known:
        found = np.argsort(importance)[::-1][:known] < known
        values["precision_at_k"] = float(found.mean())
    return values, importance


def agreement(parts, answers, numeric):
    """Share of answers that a tree of depth 3 gives, R^2 where they are numbers.

    parts, answers: (those it learns from, those it is asked about), float[rows, inputs]
    and what was predicted for them.
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    kind = DecisionTreeRegressor if numeric else DecisionTreeClassifier
    tree = kind(max_depth=_DEPTH, random_state=0).fit(parts[0], answers[0])
    return float(tree.score(parts[1], answers[1]))


def known_features(dataset):
    """How many of the first columns matter, all others being noise; None: not known.

    A column must still be what it was, and where: principal components and products
    are not, and permuted columns are elsewhere.
    """
    informative = SOURCES[dataset.name].informative
    moved = not _MOVED.isdisjoint(dict(dataset.transforms))
    return informative(dict(dataset.options)) if informative and not moved else None


def agreements(importances, dataset):
    """float[n]: Spearman's correlation of the importances of seeds in disjoint pairs.

    importances: one float[inputs] a seed, or None. Pairs share no seed, so that the
    numbers are independent; the second of a pair is NaN, and so is all where each seed
    has columns of its own.
    """
    found = np.full(len(importances), np.nan)
    moved = not (_MOVED - {"permuted"}).isdisjoint(dict(dataset.transforms))
    if moved or not SOURCES[dataset.name].same_columns:
        return found
    from scipy.stats import spearmanr

    for k in range(0, len(importances) - 1, 2):
        pair = importances[k : k + 2]
        if all(one is not None and np.ptp(one) > 0 for one in pair):
            found[k], _ = spearmanr(*pair)
    return found
