"""Medians of pairs: the inverted sign test against the test itself, by brute force."""

from math import inf, isnan

import numpy as np
import pytest
from gradclinic.bench.statistics.signs import sign_interval, sign_test
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

REPEATABLE = settings(derandomize=True, deadline=None)
PAIRS = st.lists(st.floats(-9, 9), min_size=2, max_size=25, unique=True)


@REPEATABLE
@given(PAIRS, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_holds_exactly_the_shifts_that_the_test_keeps(d, level):
    """Between two neighbouring pairs, and beyond the last, the test's answer is one."""
    d = np.sort(d)
    found = sign_interval(d, level)
    between = [d[0] - 1, *((d[1:] + d[:-1]) / 2), d[-1] + 1]
    for shift in between:
        above, below = int(np.sum(d > shift)), int(np.sum(d < shift))
        if above + below < len(d):
            continue  # two pairs so near that nothing lies between
        kept = stats.binomtest(above, len(d)).pvalue > 1 - level
        assert (found.low < shift < found.high) == kept


@REPEATABLE
@given(PAIRS, st.integers(0, 8))
def test_the_estimate_is_the_median_and_within_its_interval(d, missed):
    whole = [*d, *[inf] * missed]
    found = sign_interval(whole, 0.95)
    assert found.value == pytest.approx(np.median(whole))
    assert found.low <= found.value <= found.high


def test_it_is_finite_while_fewer_than_half_are_missed():
    finite = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert sign_interval([*finite, *[inf] * 5], 0.9).value == 0.6
    assert sign_interval([*finite, *[inf] * 6], 0.9).value == inf
    assert isnan(sign_interval([-inf, inf], 0.9).value)


def test_one_miss_in_twenty_deletes_nothing():
    """Nineteen pairs between 1.0 and 2.8 and one rescued run."""
    d = [*np.linspace(1.0, 2.8, 19), inf]
    found = sign_interval(d, 1 - 0.05 / 5)
    assert found.value == pytest.approx(1.95)
    # Ranks 4 and 17 of 20 by any table of the sign test at 99 %.
    assert (found.low, found.high) == pytest.approx((1.3, 2.6))


@pytest.mark.parametrize("n", [2, 5, 6])
def test_too_few_pairs_bound_nothing_even_where_all_agree(n):
    bounded = n >= 6
    assert sign_interval([inf] * n, 0.95)[1:] == (
        (inf, inf) if bounded else (-inf, inf)
    )


@REPEATABLE
@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 5))
def test_the_sign_test_is_scipys(better, worse, equal):
    d = np.array([inf] * better + [-1.0] * worse + [0.0] * equal)
    if d.size == 0:
        return
    expected = stats.binomtest(better, better + worse).pvalue if better + worse else 1
    found = sign_test(d)
    assert found.p == pytest.approx(expected)
    assert (found.improved, found.worsened, found.unchanged) == (better, worse, equal)


def test_the_interval_keeps_its_level():
    """A skewed law with median 0, and a third of the pairs infinite: 2,000 draws."""
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(2000):
        d = np.exp(rng.standard_normal(12)) - 1.0
        d[rng.random(12) < 0.3] = inf
        # P(d < t) = 1/2 where .7 F(t) = 1/2 of the log-normal law F, shifted by 1.
        median = stats.lognorm.ppf(0.5 / 0.7, 1.0) - 1.0
        found = sign_interval(d, 0.95)
        covered += found.low <= median <= found.high
    assert covered / 2000 >= 0.95
