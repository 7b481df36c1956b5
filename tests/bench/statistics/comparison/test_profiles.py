"""Performance profiles: definition, exact area, and what must not change them."""

from math import inf

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.costs import typical_costs
from gradclinic.bench.statistics.comparison.profiles import (
    performance_profile,
    performance_ratios,
    profile_band,
    profile_score,
    profile_scores,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
COSTS = st.one_of(st.floats(0.1, 100), st.just(inf))
TABLES = st.tuples(st.integers(1, 5), st.integers(1, 6)).flatmap(
    lambda shape: arrays(float, shape, elements=COSTS)
)


def naive_ratio(table, s, p):
    """Dolan and Moré's r_sp, one at a time."""
    best = min(row[p] for row in table)
    return table[s][p] / best if table[s][p] < inf else inf


@REPEATABLE
@given(TABLES)
def test_profiles_are_the_definition(table):
    taus = [1.0, 1.5, 2.0, 4.0, 1000.0]
    found = performance_profile(performance_ratios(table), taus)
    optimizers, problems = table.shape
    for s in range(optimizers):
        for k, tau in enumerate(taus):
            within = sum(naive_ratio(table, s, p) <= tau for p in range(problems))
            assert found[s, k] == pytest.approx(within / problems)


@REPEATABLE
@given(TABLES)
def test_the_score_is_the_area_under_the_profile(table):
    """A trapezoid rule on a fine grid errs by at most one grid step per problem."""
    ratios = performance_ratios(table)
    taus = np.linspace(1.0, 4.0, 3001)
    area = np.trapezoid(performance_profile(ratios, taus), taus, axis=-1) / 3.0
    np.testing.assert_allclose(profile_score(ratios), area, atol=2e-3)


def test_scores_by_hand():
    """The best everywhere has 1; twice as slow (4 - 2)/3; missing adds 0."""
    table = np.array([[1.0, 10.0], [2.0, 20.0], [4.0, inf], [inf, inf]])
    np.testing.assert_allclose(
        profile_score(performance_ratios(table)), [1.0, 2 / 3, 0.0, 0.0]
    )
    nobody = np.full((2, 1), inf)
    assert profile_score(performance_ratios(nobody)).tolist() == [0.0, 0.0]


@REPEATABLE
@given(TABLES, st.integers(0, 10))
def test_units_do_not_matter(table, seed):
    units = 2.0 ** np.random.default_rng(seed).integers(-5, 5, table.shape[1])
    np.testing.assert_array_equal(
        profile_score(performance_ratios(table * units)),
        profile_score(performance_ratios(table)),
    )


@REPEATABLE
@given(TABLES)
def test_a_hopeless_optimizer_changes_nothing(table):
    hopeless = np.vstack([table, np.full(table.shape[1], inf)])
    found = profile_score(performance_ratios(hopeless))
    np.testing.assert_array_equal(found[:-1], profile_score(performance_ratios(table)))
    assert found[-1] == 0.0


def test_an_optimizer_that_leaves_may_reverse_two_others():
    """Gould and Scott's warning, which stability checks are there for."""
    first, second, third = [1.5, 3.5], [1.4, 5.0], [8.0, 0.5]
    alone = profile_score(performance_ratios(np.array([first, second])))
    with_third = profile_score(performance_ratios(np.array([first, second, third])))
    assert alone[0] > alone[1]
    assert with_third[0] < with_third[1]


@REPEATABLE
@given(arrays(float, (2, 3, 5), elements=COSTS), st.integers(1, 5))
def test_typical_costs_are_medians(costs, seeds):
    np.testing.assert_allclose(
        typical_costs(costs[..., :seeds]), np.median(costs[..., :seeds], axis=-1)
    )


def test_half_of_the_seeds_do_not_make_a_hit():
    assert typical_costs(np.array([1.0, 2.0, inf, inf])) == inf
    assert typical_costs(np.array([1.0, 2.0, 3.0, inf])) == 2.5


def test_the_band_holds_the_profile_and_collapses_without_noise():
    rng = np.random.default_rng(0)
    costs = rng.lognormal(0.0, 0.5, (4, 6, 10))
    taus = np.linspace(1, 4, 13)
    found, low, high = profile_band(costs, taus, resamples=300)
    assert found.shape == low.shape == high.shape == (4, 13)
    assert (low <= high).all() and (low >= 0).all() and (high <= 1).all()
    assert np.mean((low <= found) & (found <= high)) > 0.9
    same = np.repeat(costs[..., :1], 10, axis=-1)
    found, low, high = profile_band(same, taus, resamples=50)
    np.testing.assert_array_equal(low, found)
    np.testing.assert_array_equal(high, found)
    _, low, high = profile_band(costs[..., :1], taus)
    assert low.max() == 0.0 and high.min() == 1.0


def test_profile_scores_take_leading_axes():
    costs = np.random.default_rng(0).lognormal(size=(7, 3, 4, 5))
    each = [profile_scores(one) for one in costs]
    np.testing.assert_array_equal(profile_scores(costs), each)


@pytest.mark.parametrize("taus", [[0.5], [inf], 2.0])
def test_taus_are_checked(taus):
    with pytest.raises(ValueError, match="taus"):
        performance_profile(np.ones((2, 2)), taus)


@pytest.mark.parametrize("tau", [1.0, inf, np.nan])
def test_the_limit_is_checked(tau):
    with pytest.raises(ValueError, match="tau"):
        profile_score(np.ones((2, 2)), tau)


@pytest.mark.parametrize("cost", [0.0, -1.0, np.nan])
def test_ratios_need_positive_costs(cost):
    with pytest.raises(ValueError, match="positive"):
        performance_ratios(np.array([[1.0, cost], [1.0, 2.0]]))
