"""Intervals against scipy, against numbers worked out by hand, and at their ends."""

from math import inf, isnan, sqrt

import numpy as np
import pytest
from gradclinic.bench.statistics.intervals import (
    interval,
    mean_interval,
    median_interval,
    standard_error,
    wilson_interval,
)
from scipy import stats

VALUES = np.array([1.0, 2.0, 4.0, 4.0, 9.0, 10.0])


@pytest.mark.parametrize("level", [0.8, 0.95, 0.9958])
def test_t_interval_is_scipys(level):
    expected = stats.ttest_1samp(VALUES, 0.0).confidence_interval(level)
    found = mean_interval(VALUES, level)
    assert found.value == pytest.approx(5.0)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_nadeau_bengio_by_hand():
    # s^2 = (16 + 9 + 1 + 1 + 16 + 25) / 5 = 13.6; J = 6; n_test / n_train = 50 / 100.
    expected = sqrt(13.6 * (1 / 6 + 0.5))
    assert standard_error(VALUES, 0.5) == pytest.approx(expected)
    # t quantile of .975 with 5 degrees of freedom: 2.5706, of any printed table.
    found = mean_interval(VALUES, test_over_train=0.5)
    assert found.high - 5.0 == pytest.approx(2.5706 * expected, rel=1e-4)


def test_no_overlap_is_the_plain_standard_error():
    assert standard_error(VALUES, 0.0) == standard_error(VALUES)
    assert standard_error(VALUES) == pytest.approx(stats.sem(VALUES))


@pytest.mark.parametrize("wrong", [-0.1, inf, float("nan")])
def test_a_senseless_overlap_is_refused(wrong):
    with pytest.raises(ValueError, match="test_over_train"):
        standard_error(VALUES, wrong)


def test_the_corrected_interval_keeps_its_level_on_splits_of_one_data_set():
    """Two equal learners on 30 % test splits: naive far above 5 %, corrected near it.

    The learners' difference on a test set of 60 of 200 rows is the mean of the rows'
    differences, which are the same rows again and again.
    """
    rng = np.random.default_rng(1)
    naive = corrected = 0
    for _ in range(400):
        rows = rng.normal(size=200)
        splits = [rng.choice(rows, 60, replace=False).mean() for _ in range(10)]
        splits = np.array(splits)
        naive += not _holds_zero(mean_interval(splits))
        corrected += not _holds_zero(mean_interval(splits, test_over_train=60 / 140))
    assert naive / 400 > 0.2
    assert corrected / 400 < 0.08


def _holds_zero(found):
    return found.low <= 0 <= found.high


def test_median_interval_is_the_tabulated_order_statistics():
    # Every table of the sign test: n = 10 takes ranks 2 and 9, n = 20 ranks 6 and 15.
    assert median_interval(np.arange(1, 11))[1:] == (2, 9)
    assert median_interval(np.arange(1, 21)) == (10.5, 6, 15)
    assert median_interval(np.arange(1, 7))[1:] == (1, 6)


def test_a_median_survives_infinities():
    assert median_interval([-inf, 1, 2, 3, 4, inf, inf]) == (3, -inf, inf)
    assert median_interval([inf] * 10) == (inf, inf, inf)
    assert median_interval([1.0] * 5 + [inf] * 5)[1:] == (1, inf)
    assert isnan(median_interval([-inf, inf]).value)


def test_too_few_values_bound_nothing():
    assert median_interval([1, 2, 3, 4, 5]) == (3, -inf, inf)
    assert median_interval([inf]) == (inf, -inf, inf)
    assert mean_interval(np.array([3.0])) == (3, -inf, inf)
    assert interval([np.nan])[1:] == (-inf, inf)
    assert interval([])[1:] == (-inf, inf)


def test_equal_values_have_an_interval_of_no_width():
    assert mean_interval(np.full(4, 0.5)) == (0.5, 0.5, 0.5)


def test_what_was_not_measured_is_left_out():
    assert interval([1.0, np.nan, 3.0]) == mean_interval(np.array([1.0, 3.0]))


@pytest.mark.parametrize(("k", "n"), [(0, 10), (1, 10), (7, 10), (10, 10), (3, 3)])
def test_wilson_is_scipys(k, n):
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson_interval(k, n) == pytest.approx((k / n, expected.low, expected.high))


def test_wilson_ends_exactly_at_none_and_all():
    assert wilson_interval(0, 7).low == 0.0
    assert wilson_interval(7, 7).high == 1.0
    assert wilson_interval(0, 0)[1:] == (0.0, 1.0)
    with pytest.raises(ValueError, match="between 0 and 3"):
        wilson_interval(4, 3)
