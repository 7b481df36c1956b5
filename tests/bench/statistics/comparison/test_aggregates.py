"""Interquartile means and scores: definitions, intervals and coverage."""

from math import inf, nan

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.aggregates import (
    interquartile_mean,
    interquartile_means,
)
from gradclinic.bench.statistics.comparison.bootstrap import (
    bootstrap,
    bootstrap_intervals,
    corrected_bounds,
    percentile_bounds,
)
from gradclinic.bench.statistics.comparison.improvement import win_rates
from gradclinic.bench.statistics.comparison.profiles import profile_scores
from gradclinic.bench.statistics.comparison.scores import (
    quality_scores,
    rank_scores,
    time_scores,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)


@REPEATABLE
@given(
    st.tuples(st.integers(1, 4), st.integers(1, 7)).flatmap(
        lambda shape: arrays(float, shape, elements=st.floats(0, 1))
    )
)
def test_it_is_the_trimmed_mean(scores):
    expected = stats.trim_mean(scores, 0.25, axis=None)
    assert interquartile_mean(scores) == pytest.approx(expected)


def test_leading_axes_are_kept():
    scores = np.random.default_rng(0).random((3, 2, 4, 5))
    each = [[interquartile_mean(one) for one in some] for some in scores]
    np.testing.assert_allclose(interquartile_mean(scores), each)


def test_a_quarter_of_wild_runs_is_ignored():
    scores = np.full((1, 4, 10), 0.5)
    scores[0, 0, :10] = 0.0
    assert interquartile_means(scores)[0].value == 0.5


def test_the_interval_of_the_interquartile_mean_covers():
    """200 studies of 12 problems with 10 seeds, one optimizer; normal scores.

    The truth is that of the mixture over problems, by a sample of two million runs.
    """
    rng = np.random.default_rng(2)
    centres = np.linspace(0.2, 0.8, 12)[:, None]
    many = np.sort((centres + rng.normal(0, 0.1, (12, 170_000))).ravel())
    truth = many[many.size // 4 : -(many.size // 4)].mean()
    studies = centres + rng.normal(0, 0.1, (200, 12, 10))
    found = interquartile_means(studies, resamples=400)
    covered = np.mean([f.low <= truth <= f.high for f in found])
    assert 0.90 <= covered <= 0.98


def test_one_seed_bounds_nothing():
    found = interquartile_means(np.full((2, 3, 1), 0.5))
    assert [tuple(f) for f in found] == [(0.5, -inf, inf)] * 2


@pytest.mark.parametrize("scores", [np.ones((2, 3)), np.full((1, 2, 2), inf)])
def test_scores_must_be_finite_and_whole(scores):
    with pytest.raises(ValueError, match="scores must be"):
        interquartile_means(scores)


def test_percentile_bounds_are_order_statistics():
    draws = np.arange(2001.0)[::-1]
    assert percentile_bounds(draws) == (50.0, 1950.0)
    assert percentile_bounds(np.array([1.0, inf, inf])) == (1.0, inf)
    with pytest.raises(ValueError, match="level"):
        percentile_bounds(draws, 1.0)


def test_corrected_bounds_are_the_plain_ones_without_bias():
    draws = np.random.default_rng(0).normal(size=(2001, 3))
    centre = np.median(draws, axis=0)
    for level in (0.9, 0.95):
        found = corrected_bounds(draws, centre, level)
        np.testing.assert_array_equal(found, percentile_bounds(draws, level))


def test_corrected_bounds_by_hand():
    """Of draws 0 to 2000 a share .3085 is below 617: z = -1/2, 2 z = -1."""
    draws = np.arange(2001.0)[::-1]
    low, high = corrected_bounds(draws, np.array(617.0))
    assert low == pytest.approx(2000 * stats.norm.cdf(-1 - 1.96), abs=1.5)
    assert high == pytest.approx(2000 * stats.norm.cdf(-1 + 1.96), abs=1.5)
    # All draws below or above the value, or all equal to it, do not break it.
    assert corrected_bounds(draws, np.array(9e9))[1] == 2000.0
    assert corrected_bounds(draws, np.array(-1.0))[0] == 0.0
    assert corrected_bounds(np.full(99, 0.5), np.array(0.5)) == (0.5, 0.5)
    with pytest.raises(ValueError, match="level"):
        corrected_bounds(draws, np.array(0.0), 0.0)


@REPEATABLE
@given(
    arrays(float, 60, elements=st.integers(0, 30).map(float)),
    st.integers(0, 30).map(float),
)
def test_corrected_bounds_follow_transforms_and_reflections(draws, value):
    low, high = corrected_bounds(draws, np.array(value))
    assert low <= high
    squared = corrected_bounds(draws**2 + 1, np.array(value**2 + 1))
    assert squared == (low**2 + 1, high**2 + 1)
    mirrored = corrected_bounds(-draws, np.array(-value))
    assert mirrored == (-high, -low)


def test_the_interval_of_a_profile_score_allows_for_its_bias():
    """100 studies; noise makes the best of several seem faster than it is."""
    rng = np.random.default_rng(6)
    centres = rng.normal(0, 0.3, (6, 12, 1)) + np.linspace(0, 1, 6)[:, None, None]
    truth = profile_scores(np.exp(centres))
    covered, plain = [], []
    for noise in rng.normal(0, 0.5, (100, 6, 12, 10)):
        costs = np.exp(centres + noise)
        found = bootstrap_intervals(costs, profile_scores, resamples=200)
        low, high = np.transpose([(f.low, f.high) for f in found])
        covered.append((low <= truth) & (truth <= high))
        low, high = percentile_bounds(bootstrap(costs, profile_scores, 200))
        plain.append((low <= truth) & (truth <= high))
    # Documented: better than the plain percentiles, and not yet 95 %.
    assert np.mean(covered) >= 0.80
    assert np.mean(plain) <= np.mean(covered) - 0.10


def test_time_scores_by_hand():
    costs = [[[1.0, 5.0, 10.0, inf], [50.0, 100.0, 200.0, inf]]]
    found = time_scores(costs, [10.0, 100.0])
    np.testing.assert_allclose(
        found, [[[0.9, 0.5, 0.0, 0.0], [0.5, 0.0, 0.0, 0.0]]], atol=1e-15
    )


def test_quality_scores_by_hand():
    values = [[[2.0, 1.5, 0.5, inf, nan, 9.0], [0.1, 0.5, 0.95, inf, nan, 0.0]]]
    found = quality_scores(values, start=[2.0, 0.1], target=[1.0, 0.9])
    np.testing.assert_allclose(
        found, [[[0, 0.5, 1, 0, 0, 0], [0, 0.5, 1, 0, 0, 0]]], atol=1e-15
    )


@REPEATABLE
@given(
    arrays(float, (2, 1, 4), elements=st.floats(-10, 10)),
    st.floats(-10, 10),
    st.floats(-10, 10),
    st.sampled_from([0.25, -8.0]),
)
def test_scores_do_not_depend_on_the_unit(values, start, target, unit):
    """Nor on the sign of it: an accuracy and an error rate score alike."""
    if abs(start - target) < 1e-3:
        return
    plain = quality_scores(values, [start], [target])
    assert ((plain >= 0) & (plain <= 1)).all()
    other = quality_scores(values * unit, [start * unit], [target * unit])
    np.testing.assert_allclose(other, plain, atol=1e-9)


COSTS = st.one_of(st.integers(1, 6).map(float), st.just(inf))
CUBES = st.tuples(st.integers(2, 4), st.integers(1, 3), st.integers(1, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=COSTS)
)


@REPEATABLE
@given(CUBES)
def test_rank_scores_count_the_runs_that_are_beaten(costs):
    found = rank_scores(costs)
    for (i, p, s), score in np.ndenumerate(found):
        others = np.delete(costs, i, axis=0)[:, p].ravel()
        mine = costs[i, p, s]
        beaten = (mine < others).sum() + 0.5 * (mine == others).sum()
        assert score == pytest.approx(beaten / others.size)


@REPEATABLE
@given(CUBES)
def test_mean_rank_scores_are_mean_probabilities_of_improvement(costs):
    rates = win_rates(costs).mean(axis=-1)
    others = ~np.eye(len(costs), dtype=bool)
    for i, scores in enumerate(rank_scores(costs)):
        assert scores.mean() == pytest.approx(rates[i][others[i]].mean())


def test_rank_scores_take_leading_axes_and_need_company():
    costs = np.random.default_rng(0).random((5, 3, 2, 4))
    np.testing.assert_allclose(rank_scores(costs), [rank_scores(one) for one in costs])
    assert (rank_scores(costs[0, :1]) == 0.5).all()


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (time_scores, (np.ones((1, 2, 3)), [1.0]), "budgets"),
        (time_scores, (np.ones((1, 2, 3)), [1.0, inf]), "budgets"),
        (time_scores, (np.full((1, 2, 3), nan), [1.0, 1.0]), "NaN"),
        (quality_scores, (np.ones((1, 2, 3)), [1.0], [0.0]), "axes"),
        (quality_scores, (np.ones((1, 1, 3)), [1.0], [1.0]), "differ"),
        (quality_scores, (np.ones((1, 1, 3)), [inf], [1.0]), "finite"),
    ],
)
def test_what_is_wrong_is_said(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
