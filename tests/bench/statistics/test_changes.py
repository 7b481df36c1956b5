"""Changes of effects: against scipy, by formula, by coverage, and at their ends."""

from math import inf, isnan, sqrt

import numpy as np
import pytest
from gradclinic.bench.statistics.changes import (
    LEAST_P,
    EstimateDifference,
    MeanEstimate,
    MedianEstimate,
    excludes_zero,
    holm_levels,
)
from gradclinic.bench.statistics.comparison.holm import holm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

FINITE = st.floats(-5, 5)
SAMPLES = st.lists(FINITE, min_size=3, max_size=12)


def mean_of(values):
    values = np.asarray(values, dtype=float)
    error = float(values.std(ddof=1)) / sqrt(len(values))
    return MeanEstimate(float(values.mean()), error, len(values) - 1)


def test_a_mean_is_judged_as_scipy_judges_it():
    values = np.array([0.3, 0.1, 0.5, -0.2, 0.4])
    twin = stats.ttest_1samp(values, 0.0)
    ends = twin.confidence_interval(0.97)
    assert mean_of(values).p() == pytest.approx(twin.pvalue)
    assert mean_of(values).limits(0.97)[1:] == pytest.approx((ends.low, ends.high))


def test_two_means_have_the_interval_of_howe():
    """t quantiles of 3 and 4 degrees: 3.18245 and 2.77645."""
    before = MeanEstimate(1.0, 0.2, 3)
    after = MeanEstimate(2.5, 0.5, 4)
    half = sqrt((3.18245 * 0.2) ** 2 + (2.77645 * 0.5) ** 2)
    found = EstimateDifference(before, after).limits(0.95)
    assert found == pytest.approx((1.5, 1.5 - half, 1.5 + half), abs=1e-5)


@given(SAMPLES, SAMPLES)
def test_it_is_at_least_as_wide_as_welchs(before, after):
    one, two = mean_of(before), mean_of(after)
    if one.error and two.error:
        twin = stats.ttest_ind(after, before, equal_var=False).confidence_interval()
        found = EstimateDifference(one, two).limits(0.95)
        assert found.high - found.low >= (twin.high - twin.low) * (1 - 1e-9)


@given(SAMPLES, SAMPLES)
def test_turned_round_it_is_the_same_with_the_other_sign(before, after):
    one, two = mean_of(before), MedianEstimate((*after,))
    there = EstimateDifference(one, two).limits(0.9)
    back = EstimateDifference(two, one).limits(0.9)
    assert (back.value, back.low, back.high) == pytest.approx(
        (-there.value, -there.high, -there.low)
    )


@given(SAMPLES, SAMPLES, st.floats(0.01, 0.6))
def test_p_and_interval_say_the_same(before, after, alpha):
    for estimate in (
        mean_of(after),
        MedianEstimate((*after,)),
        EstimateDifference(mean_of(before), mean_of(after)),
        EstimateDifference(MedianEstimate((*before,)), mean_of(after)),
    ):
        p = estimate.p()
        assert LEAST_P <= p <= 1
        if abs(p - alpha) > 1e-6:
            assert excludes_zero(estimate.limits(1 - alpha)) == (p < alpha)


def test_what_is_infinite_has_no_difference_and_no_bound():
    lost = MedianEstimate((inf,) * 8)
    found = EstimateDifference(mean_of([1.0, 2.0, 3.0]), lost).limits(0.95)
    assert isnan(found.value) and (found.low, found.high) == (-inf, inf)
    assert EstimateDifference(mean_of([1.0, 2.0, 3.0]), lost).p() == 1.0


def test_no_change_at_all_has_p_one_and_a_sure_one_the_least():
    assert MeanEstimate(0.0, 0.0, 4).p() == 1.0
    assert MeanEstimate(0.1, 0.0, 4).p() == LEAST_P
    assert MedianEstimate((0.0,) * 9).p() == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_the_level_of_an_interval_rejects_where_holm_does(p):
    for own, level, adjusted in zip(p, holm_levels(p), holm(p), strict=True):
        if abs(adjusted - 0.05) > 1e-9:
            assert (own < 1 - level) == (adjusted < 0.05)


@pytest.mark.parametrize("sizes", [(5, 5), (10, 20)])
def test_two_equal_effects_are_told_apart_in_one_of_twenty_at_most(sizes):
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(2000):
        one, two = (
            mean_of(s * rng.standard_normal(n))
            for n, s in zip(sizes, (1, 3), strict=True)
        )
        wrong += excludes_zero(EstimateDifference(one, two).limits(0.95))
    assert 0.02 < wrong / 2000 < 0.06
