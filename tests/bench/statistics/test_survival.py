"""The curve of Kaplan and Meier against scipy's, a slow count, and by hand."""

import numpy as np
import pytest
from gradclinic.bench.statistics import survival
from scipy import stats


def naive(ends, reached, t):
    """S(t) as a product, run by run, without an array."""
    share = 1.0
    for end in sorted({e for e, r in zip(ends, reached, strict=True) if r and e <= t}):
        at_risk = sum(e >= end for e in ends)
        arrived = sum(r and e == end for e, r in zip(ends, reached, strict=True))
        share *= 1 - arrived / at_risk
    return share


def test_by_hand():
    # Four runs: 3 of 4 are left at 10; one is last seen at 12; 1 of 2 is left at 20.
    at, share = survival([10, 12, 20, 30], [True, False, True, False])
    assert at.tolist() == [0, 10, 12, 20, 30]
    assert share == pytest.approx([1, 0.75, 0.75, 0.375, 0.375])


@pytest.mark.parametrize("seed", range(5))
def test_it_is_scipys_and_the_slow_count(seed):
    rng = np.random.default_rng(seed)
    ends, reached = rng.integers(1, 15, 40), rng.random(40) < 0.6
    at, share = survival(ends, reached)
    data = stats.CensoredData(
        uncensored=ends[reached].astype(float), right=ends[~reached].astype(float)
    )
    curve = stats.ecdf(data).sf
    np.testing.assert_allclose(share, curve.evaluate(at))
    slow = [naive(ends.tolist(), reached.tolist(), t) for t in at]
    np.testing.assert_allclose(share, slow)


def test_without_a_miss_it_is_the_share_above():
    at, share = survival([3.0, 1.0, 2.0, 2.0], [True] * 4)
    assert at.tolist() == [0, 1, 2, 3]
    assert share == pytest.approx([1, 0.75, 0.25, 0])


def test_where_all_miss_it_stays_at_one():
    assert survival([5.0, 5.0], [False, False])[1].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("ends", "reached", "message"),
    [
        ([1.0, 2.0], [True], "one per run"),
        ([1.0, np.inf], [True, True], "finite"),
        ([0.0], [True], "positive"),
    ],
)
def test_it_says_what_is_wrong(ends, reached, message):
    with pytest.raises(ValueError, match=message):
        survival(ends, reached)
