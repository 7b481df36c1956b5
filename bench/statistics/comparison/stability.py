"""Does a ranking survive without one of its problems, or one of its optimizers?"""

from dataclasses import dataclass

import numpy as np

from .bootstrap import Statistic
from .ranks import places


@dataclass(frozen=True, eq=False)
class Stability:
    """Places, 1 the best (ties share the first), whole and with one thing left out.

    places: int[m]. without_problem: int[p, m]. without_optimizer: int[m, m], row k the
    places of the others when k is left out, 0 for k itself. problem_swaps: int[p] and
    optimizer_swaps: int[m], pairs of optimizers that change order then. low, high:
    int[m], the span of places over the problems left out.
    """

    places: np.ndarray
    without_problem: np.ndarray
    without_optimizer: np.ndarray
    problem_swaps: np.ndarray
    optimizer_swaps: np.ndarray
    low: np.ndarray
    high: np.ndarray


def stability(values: np.ndarray, statistic: Statistic) -> Stability:
    """Rank by a statistic of float[m, p, s] again without each problem and optimizer.

    A place that hangs on one problem says more about that problem than about the
    optimizer; an order of two that hangs on a third comes from a statistic that
    compares with the best, as profiles do. With a single problem or optimizer nothing
    can be left out. A pair swaps if it is strictly ordered both times, and otherwise.
    """
    scores = statistic(values)
    optimizers, problems = values.shape[:2]
    fewer = [
        statistic(np.delete(values, k, axis=1)) if problems > 1 else scores
        for k in range(problems)
    ]
    others = [np.delete(scores, k) for k in range(optimizers)]
    without = [
        statistic(np.delete(values, k, axis=0)) if optimizers > 1 else others[k]
        for k in range(optimizers)
    ]
    ranks = np.stack([places(row)[0] for row in fewer])
    return Stability(
        places=places(scores)[0],
        without_problem=ranks,
        without_optimizer=np.stack(
            [_insert_zero(row, k) for k, row in enumerate(without)]
        ),
        problem_swaps=np.array([_swaps(scores, row) for row in fewer]),
        optimizer_swaps=np.array(
            [_swaps(*pair) for pair in zip(others, without, strict=True)]
        ),
        low=ranks.min(axis=0),
        high=ranks.max(axis=0),
    )


def _insert_zero(scores, k):
    return np.insert(places(scores)[0], k, 0)


def _swaps(before, after):
    """How many pairs are ordered one way before and the other way after?"""
    signs = [np.sign(row[:, None] - row[None, :]) for row in (before, after)]
    return int((signs[0] * signs[1] < 0).sum()) // 2
