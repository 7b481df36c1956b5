"""Probabilities of improvement: definition, invariances, intervals, thresholds."""

from math import comb, inf

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.bootstrap import resampled_seeds
from gradclinic.bench.statistics.comparison.improvement import (
    Improvement,
    better,
    beyond_chance,
    improvement,
    win_rates,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
COSTS = st.one_of(st.integers(1, 6).map(float), st.just(inf))
CUBES = st.tuples(st.integers(2, 4), st.integers(1, 3), st.integers(1, 5)).flatmap(
    lambda shape: arrays(float, shape, elements=COSTS)
)


def rliable(ours, theirs):
    """P(X > Y) as rliable computes it, from Mann-Whitney's U; less is better here."""
    rates = []
    for x, y in zip(ours, theirs, strict=True):
        u = stats.mannwhitneyu(x, y, alternative="less").statistic
        rates.append(1 - u / (x.size * y.size))
    return np.mean(rates)


@REPEATABLE
@given(CUBES)
def test_it_is_the_mann_whitney_statistic(costs):
    found = improvement(costs, resamples=5).value
    finite = np.where(np.isinf(costs), 1e9, costs)
    for i, ours in enumerate(finite):
        for j, theirs in enumerate(finite):
            assert found[i, j] == pytest.approx(rliable(ours, theirs))


@REPEATABLE
@given(CUBES)
def test_the_mean_is_over_the_problems(costs):
    np.testing.assert_allclose(
        improvement(costs, resamples=5).value, win_rates(costs).mean(axis=-1)
    )


@REPEATABLE
@given(CUBES)
def test_increasing_transforms_change_nothing(costs):
    plain = improvement(costs, resamples=20)
    for transform in (np.exp, lambda c: 3 * c + 7, lambda c: -1 / c):
        other = improvement(transform(costs), resamples=20)
        for name in ("value", "low", "high"):
            np.testing.assert_array_equal(getattr(other, name), getattr(plain, name))


@REPEATABLE
@given(CUBES)
def test_pairs_mirror_each_other(costs):
    found = improvement(costs, resamples=20)
    np.testing.assert_allclose(found.value + found.value.T, 1.0)
    np.testing.assert_allclose(found.low + found.high.T, 1.0)
    assert (found.low <= found.high).all()
    sure = better(found)
    assert not (sure & sure.T).any()


@REPEATABLE
@given(CUBES)
def test_a_hopeless_optimizer_changes_no_other_pair(costs):
    plain = improvement(costs, resamples=20)
    hopeless = np.concatenate([costs, np.full_like(costs[:1], inf)])
    found = improvement(hopeless, resamples=20)
    for name in ("value", "low", "high"):
        np.testing.assert_array_equal(
            getattr(found, name)[:-1, :-1], getattr(plain, name)
        )
    assert (found.value[:-1, -1] >= 0.5).all()


def test_the_interval_is_the_bootstrap_of_the_statistic():
    """One resample at a time, the seeds of both drawn apart, the statistic anew."""
    rng = np.random.default_rng(0)
    costs = rng.integers(1, 9, (2, 4, 5)).astype(float)
    both = resampled_seeds(4, 5, 2 * 99, seed=2)
    draws = []
    for drawn in zip(both[:99], both[99:], strict=True):
        again = [
            [row[idx] for row, idx in zip(*pair, strict=True)]
            for pair in zip(costs, drawn, strict=True)
        ]
        draws.append(win_rates(again)[0, 1].mean())
    ordered = np.sort(draws, axis=0)
    found = improvement(costs, level=0.90, resamples=99, seed=2)
    # (1 - .9)/2 of the 98 steps between 99 draws is 4.9: the 4th from each end.
    assert found.low[0, 1] == pytest.approx(ordered[4])
    assert found.high[0, 1] == pytest.approx(ordered[94])


def test_one_seed_bounds_nothing():
    costs = np.stack([np.full((12, 1), 1.0), np.full((12, 1), 2.0)])
    found = improvement(costs)
    assert (found.value[0, 1], found.low[0, 1], found.high[0, 1]) == (1.0, 0.0, 1.0)
    assert not better(found).any()


@pytest.mark.parametrize("problems", [1, 2, 3])
@pytest.mark.parametrize("seeds", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("optimizers", [2, 10])
def test_complete_separation_is_better_where_chance_does_not_do_it(
    optimizers, problems, seeds
):
    """All s runs of i win with probability 1/C(2s, s) on each problem by chance."""
    costs = np.ones((optimizers, problems, seeds))
    costs[0] = 0.5
    chance = optimizers * (optimizers - 1) / comb(2 * seeds, seeds) ** problems
    found = better(improvement(costs))
    if chance > 0.05:
        assert not found.any()
    elif chance < 0.005:
        assert found[0, 1:].all()


def test_the_full_study_asks_for_three_wins_in_four():
    assert beyond_chance(35, 12, 10) == pytest.approx(0.65, abs=0.005)
    assert beyond_chance(35, 3, 5) == pytest.approx(0.95, abs=0.01)
    sd = np.sqrt(stats.mannwhitneyu([0] * 7, [0] * 7).statistic * 15 / 6) / 49
    assert beyond_chance(2, 1, 7) == pytest.approx(0.5 + 1.95996 * sd + 1 / 98)


def test_the_threshold_is_included():
    """Three problems of four won, one lost: .75 exactly, whatever is drawn."""
    costs = np.ones((2, 4, 10))
    costs[1] = np.array([2.0, 2.0, 2.0, 0.5])[:, None]
    found = improvement(costs)
    assert found.value[0, 1] == 0.75 and found.low[0, 1] == 0.75
    assert better(found)[0, 1]


def test_an_interval_that_touches_chance_is_not_above_it():
    def found(low):
        return better(Improvement(np.array(0.8), np.array(low), np.array(1.0), 0.75))

    assert not found(0.5)
    assert found(np.nextafter(0.5, 1.0))


def test_four_can_be_better_in_a_circle():
    """Condorcet: each of four problems ranks the four, each time one place on."""
    costs = np.array([[float((p + i) % 4) for p in range(4)] for i in range(4)])
    sure = better(improvement(np.repeat(costs[..., None], 10, axis=-1)))
    for i in range(4):
        assert sure[i, (i + 1) % 4]
        assert sure[i].sum() == 1


@pytest.mark.parametrize(
    ("problems", "seeds", "misses"), [(12, 10, 0.2), (3, 5, 0.0), (2, 4, 0.0)]
)
def test_equal_optimizers_are_hardly_ever_called_better(problems, seeds, misses):
    """200 A/A studies of 6 optimizers: at most 5 % find anything at all."""
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(200):
        costs = rng.lognormal(0.0, 1.0, (6, problems, seeds))
        costs[rng.random(costs.shape) < misses] = inf
        alarms += better(improvement(costs, resamples=200)).any()
    assert alarms / 200 <= 0.05


@pytest.mark.parametrize("shared", [0.0, 0.9])
def test_the_interval_covers(shared):
    """200 studies of 12 problems and 10 seeds whose P(X < Y) is known.

    shared: correlation of the two runs of a seed; the interval is then too wide.
    """
    rng = np.random.default_rng(11)
    shift, covered = 0.6, 0
    common = rng.normal(0, np.sqrt(shared), (200, 1, 12, 10))
    noise = rng.normal(0, np.sqrt(1 - shared), (200, 2, 12, 10)) + common
    noise[:, 1] += shift
    truth = stats.norm.cdf(shift / np.sqrt(2))
    for costs in np.exp(noise):
        found = improvement(costs, resamples=300)
        covered += found.low[0, 1] <= truth <= found.high[0, 1]
    assert 0.90 <= covered / 200 <= (1.0 if shared else 0.99)


def test_seeds_are_drawn_within_their_problem():
    drawn = resampled_seeds(3, 7, 500, seed=0)
    assert drawn.shape == (500, 3, 7)
    shares = np.stack([np.bincount(drawn[:, p].ravel(), minlength=7) for p in range(3)])
    np.testing.assert_allclose(shares / 3500, 1 / 7, atol=0.02)
    assert not np.array_equal(drawn[:, 0], drawn[:, 1])
    np.testing.assert_array_equal(drawn, resampled_seeds(3, 7, 500, seed=0))
    with pytest.raises(ValueError, match="resamples"):
        resampled_seeds(3, 7, 0, seed=0)


def test_the_axes_are_checked():
    with pytest.raises(ValueError, match="m, p, s"):
        improvement(np.ones((2, 3)))
