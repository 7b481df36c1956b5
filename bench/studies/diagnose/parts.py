"""Which rows train, which validate, which judge: once for the test, then repeatedly.

The test rows are set aside first and used once, at the very end. The others are cut
again and again into training, validation and judging rows. Rows of a group stay
together; where there is a time, what is judged comes after what is learnt from.
"""

from dataclasses import dataclass

import numpy as np

from ...errors import BadData
from .reading import UserTable

TEST = 0.2
# Shares of the other rows: training, validation, judging.
SHARES = (0.7, 0.15, 0.15)
# Of a table in time a part takes less, so that its windows can begin at several times.
_WINDOW = 0.75
LEAST_ROWS = 20


@dataclass(frozen=True)
class Parts:
    """Numbers of rows, int[...] each: disjoint."""

    train: np.ndarray
    validation: np.ndarray
    judged: np.ndarray


def held_out(table: UserTable, groups: np.ndarray | None, seed: int):
    """(other rows, test rows) as int arrays, in the order of the table.

    groups: int[n] of rows that stay together, or None. Raises BadData on a table of
    fewer than `LEAST_ROWS` rows.
    """
    n = table.rows
    if n < LEAST_ROWS:
        raise BadData(
            f"{table.name} has {n} rows with a target; at least {LEAST_ROWS} are needed"
            " to train, validate and test."
        )
    if table.time is not None:
        order = np.argsort(table.time, kind="stable")
        cut = n - max(1, round(TEST * n))
        return np.sort(order[:cut]), np.sort(order[cut:])
    rng = _random(seed, 0)
    rest, test = _cut(np.arange(n), table, groups, (1 - TEST, TEST), rng)
    return np.sort(rest), np.sort(test)


def repeated(table, rows, groups, seeds) -> list[Parts]:
    """`Parts` of these rows for each seed, by the rules of the module."""
    if table.time is not None:
        order = rows[np.argsort(table.time[rows], kind="stable")]
        return [_window(order, seed) for seed in seeds]
    return [
        Parts(*_cut(rows, table, groups, SHARES, _random(seed, 1))) for seed in seeds
    ]


def final(table, rows, groups, seed) -> tuple[np.ndarray, np.ndarray]:
    """(training, validation) rows of the network that is tested: all other rows."""
    if table.time is not None:
        order = rows[np.argsort(table.time[rows], kind="stable")]
        cut = len(order) - max(1, round(SHARES[1] * len(order)))
        return order[:cut], order[cut:]
    share = SHARES[1]
    first, second = _cut(rows, table, groups, (1 - share, share), _random(seed, 2))
    return first, second


def _random(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream])


def _cut(rows, table, groups, shares, rng) -> list[np.ndarray]:
    """Rows in parts of these shares: by group, else stratified by class."""
    if groups is not None:
        return _by_group(rows, groups[rows], shares, rng)
    order = rng.permutation(rows)
    if table.classes:
        order = order[np.argsort(table.y[order], kind="stable")]
    # Places spread evenly over the sorted rows: each class has its share in each part.
    phase = (np.arange(len(order)) * _GOLDEN + rng.random()) % 1
    part = np.empty(len(order), int)
    sizes = _sizes(len(order), shares)
    part[np.argsort(phase, kind="stable")] = np.repeat(np.arange(len(shares)), sizes)
    return [rng.permutation(order[part == k]) for k in range(len(shares))]


_GOLDEN = (5**0.5 - 1) / 2


def _sizes(n, shares):
    ends = np.round(np.cumsum(shares) / np.sum(shares) * n).astype(int)
    return np.diff(ends, prepend=0)


def _by_group(rows, groups, shares, rng):
    """Whole groups, in a random order, each to the part that lacks most rows."""
    names, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
    wanted = np.array(shares) / np.sum(shares) * len(rows)
    have, part = np.zeros(len(shares)), np.empty(len(names), int)
    for group in rng.permutation(len(names)):
        chosen = int(np.argmax((wanted - have) / wanted))
        part[group] = chosen
        have[chosen] += counts[group]
    of_row = part[inverse]
    if len(np.unique(of_row)) < len(shares):
        raise BadData(
            f"the rows fall into {len(names)} groups, too few for {len(shares)} parts;"
            " use a column with more groups."
        )
    return [rng.permutation(rows[of_row == k]) for k in range(len(shares))]


def _window(order, seed) -> Parts:
    """Rows next to each other in time, the judged ones last."""
    sizes = _sizes(int(_WINDOW * len(order)), SHARES)
    start = int(_random(seed, 1).integers(len(order) - sizes.sum() + 1))
    ends = start + np.cumsum(sizes)
    train, validation, judged = (
        order[a:b] for a, b in zip((start, *ends[:-1]), ends, strict=True)
    )
    return Parts(train, validation, judged)
