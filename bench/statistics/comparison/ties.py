"""Groups of optimizers that the evidence does not tell apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Standing:
    """Where an optimizer stands by what `better` says, 1 the best place.

    low: 1 + how many are better than it; high: m - how many it is better than; any
    place between is possible. tied: the optimizers, by index, that are neither.
    """

    low: int
    high: int
    tied: tuple[int, ...]


def standings(better: ArrayLike) -> list[Standing]:
    """The possible places of each optimizer.

    better: bool[m, m], i better than j, e.g. of `improvement.better`. It needs neither
    be transitive nor free of circles: an optimizer's places depend only on its own
    comparisons. Only optimizers whose `low` is 1 may be called the best.
    Source: Mogstad, Romano, Shaikh & Wilhelm (2024), Inference for ranks with
    applications to mobility across neighbourhoods and academic achievement across
    countries, Review of Economic Studies 91 (sets of ranks from pairwise decisions).
    """
    beats = _checked(better)
    tied = _ties(beats)
    return [
        Standing(
            low=1 + int(beats[:, i].sum()),
            high=len(beats) - int(beats[i].sum()),
            tied=tuple(np.flatnonzero(tied[i]).tolist()),
        )
        for i in range(len(beats))
    ]


def tie_groups(better: ArrayLike) -> list[tuple[int, ...]]:
    """All largest groups in which no optimizer is better than another.

    Being tied is not transitive, so groups overlap: a may be tied with b, b with c, and
    a better than c. Two optimizers share a group if and only if they are tied, as the
    letters of a compact letter display do. Ordered by the places of their members.
    Source: Piepho (2004), An algorithm for a letter-based representation of
    all-pairwise comparisons, J. Computational and Graphical Statistics 13; the groups
    are the maximal cliques of the ties, found as by Bron & Kerbosch (1973), Algorithm
    457, Communications of the ACM 16.
    """
    beats = _checked(better)
    tied = _ties(beats)
    neighbours = [set(np.flatnonzero(row).tolist()) for row in tied]
    groups = _cliques(neighbours, set(), set(range(len(beats))), set())
    # Beaten by few and better than many comes first.
    height = (beats.sum(axis=0) - beats.sum(axis=1)).tolist()

    def order(group):
        return sum(height[i] for i in group) / len(group), group

    return sorted((tuple(sorted(group)) for group in groups), key=order)


def _checked(better):
    beats = np.asarray(better, dtype=bool)
    if beats.ndim != 2 or beats.shape[0] != beats.shape[1]:
        raise ValueError(f"better must be square, not of shape {beats.shape}")
    if (beats & beats.T).any():
        raise ValueError("two optimizers cannot be better than one another")
    return beats


def _ties(beats):
    return ~(beats | beats.T | np.eye(len(beats), dtype=bool))


def _cliques(
    neighbours: list[set[int]], chosen: set[int], open_: set[int], done: set[int]
) -> Iterator[set[int]]:
    """Extend `chosen` by what is `open_`, in every way that `done` has not covered."""
    if not open_ and not done:
        yield chosen
        return
    pivot = max(open_ | done, key=lambda i: len(neighbours[i] & open_))
    for i in sorted(open_ - neighbours[pivot]):
        near = neighbours[i]
        yield from _cliques(neighbours, chosen | {i}, open_ & near, done & near)
        open_, done = open_ - {i}, done | {i}
