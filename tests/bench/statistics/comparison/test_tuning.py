"""Tuning curves, default gaps and learning-rate basins against enumeration."""

from itertools import combinations
from math import comb, exp, inf, log10, nan, sqrt

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.basin import basin, lr_envelope
from gradclinic.bench.statistics.comparison.tuning import (
    best_of_k_weights,
    default_gap,
    expected_best,
    tuning_curve,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
TRIALS = st.lists(
    st.one_of(st.integers(0, 20).map(float), st.just(inf)), min_size=1, max_size=8
)


def best_of_subsets(values, k):
    return [min(subset) for subset in combinations(values, k)]


@REPEATABLE
@given(TRIALS)
def test_it_is_the_mean_over_all_subsets(values):
    expected = [np.mean(best_of_subsets(values, k + 1)) for k in range(len(values))]
    np.testing.assert_allclose(expected_best(np.array(values)), expected)


@REPEATABLE
@given(TRIALS)
def test_median_and_reach_are_those_of_all_subsets(values):
    found = tuning_curve(values, resamples=5)
    for k in range(1, len(values) + 1):
        best = best_of_subsets(values, k)
        lower_median = sorted(best)[(len(best) - 1) // 2]
        assert found.median[k - 1] == lower_median
        assert found.reach[k - 1] == pytest.approx(np.mean(np.isfinite(best)))


@pytest.mark.parametrize("n", [1, 2, 7, 50, 400])
def test_weights_are_ratios_of_binomials(n):
    """C(n - i, k - 1) / C(n, k): the hypergeometric chance of no better trial."""
    found = best_of_k_weights(n)
    for k in {1, (n + 1) // 3 or 1, n // 2 or 1, n}:
        expected = [comb(n - i, k - 1) / comb(n, k) for i in range(1, n + 1)]
        np.testing.assert_allclose(found[k - 1], expected, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


@REPEATABLE
@given(TRIALS)
def test_more_trials_never_hurt_and_all_of_them_find_the_best(values):
    found = tuning_curve(values, resamples=20)
    finite = np.isfinite(found.expected)
    assert (np.diff(found.expected[finite]) <= 1e-9).all()
    assert (np.diff(finite.astype(int)) >= 0).all()
    assert found.expected[-1] == min(values)
    assert found.median[-1] == min(values)
    assert (found.low <= found.high).all()
    assert (found.median_low <= found.median).all()
    assert (found.median <= found.median_high).all()


def test_misses_make_the_mean_infinite_until_a_hit_is_sure():
    found = tuning_curve([1.0, 2.0, 3.0, inf, inf], resamples=10)
    assert np.isinf(found.expected).tolist() == [True, True, False, False, False]
    assert found.median.tolist() == [3.0, 2.0, 1.0, 1.0, 1.0]
    assert found.reach.tolist() == pytest.approx([0.6, 0.9, 1.0, 1.0, 1.0])
    never = tuning_curve([inf, inf], resamples=10)
    assert never.reach.tolist() == [0.0, 0.0] and np.isinf(never.median).all()


def test_one_trial_bounds_nothing():
    found = tuning_curve([3.0])
    assert (found.expected[0], found.low[0], found.high[0]) == (3.0, -inf, inf)
    assert (found.median[0], found.median_low[0], found.median_high[0]) == (
        *(3.0, -inf, inf),
    )


def test_it_is_unbiased():
    """Mean over 4,000 searches of 10 trials: the best of 3 uniforms is 1/4."""
    searches = np.random.default_rng(0).random((4000, 10))
    found = expected_best(searches)[:, 2]
    assert found.mean() == pytest.approx(0.25, abs=4 * found.std() / sqrt(4000))


def test_the_bands_cover():
    """300 searches of 50 exponential trials: the best of k has mean 1/k."""
    rng = np.random.default_rng(4)
    k = np.array([1, 5, 10, 25, 50])
    found = [tuning_curve(row, resamples=200) for row in rng.exponential(1, (300, 50))]
    low, high, below, above = (
        np.stack([getattr(f, name)[k - 1] for f in found])
        for name in ("low", "high", "median_low", "median_high")
    )
    covered = ((low <= 1 / k) & (1 / k <= high)).mean(axis=0)
    assert (covered[:3] >= 0.88).all()
    # Documented: the bootstrap fails where all hangs on the best trial.
    assert covered[4] < 0.8
    median = np.log(2) / k
    assert ((below <= median) & (median <= above)).mean(axis=0).min() >= 0.94


def test_the_bounds_of_the_median_of_one_trial_are_the_exact_ones():
    """k = 1: the median of the trials themselves."""
    values = np.random.default_rng(1).random(25)
    found = tuning_curve(values, resamples=5)
    ordered = np.sort(values)
    depth = int(stats.binom.ppf(0.025, 25, 0.5))
    assert found.median_low[0] == ordered[depth - 1]
    assert found.median_high[0] == ordered[25 - depth]


def test_the_default_gap_is_a_ratio_of_geometric_means():
    rng = np.random.default_rng(0)
    default, tuned = rng.lognormal(1.0, 0.2, (10,)), rng.lognormal(0.0, 0.2, (10,))
    found = default_gap(default, tuned)
    logs = np.log(default / tuned)
    test = stats.ttest_1samp(logs, 0).confidence_interval()
    assert found.value == pytest.approx(exp(logs.mean()))
    assert (found.low, found.high) == pytest.approx((exp(test.low), exp(test.high)))


def test_a_default_that_never_reaches_is_infinitely_worse():
    assert tuple(default_gap([inf] * 6, [3.0] * 6)) == (inf, inf, inf)
    assert tuple(default_gap([3.0] * 6, [3.0] * 6)) == (1.0, 1.0, 1.0)
    assert default_gap([inf, 4.0, 4.0], [2.0, 2.0, 2.0]).value == pytest.approx(2.0)


def test_the_basin_of_a_parabola():
    """v = 1 + (log10 lr + 2)^2 is within 5 % of 1 over 2 sqrt(.05) decades."""
    lr = np.logspace(-4, 0, 4001)
    found = basin(lr, 1 + (np.log10(lr) + 2) ** 2)
    assert found.decades == pytest.approx(2 * sqrt(0.05), abs=1e-3)
    assert found.best_lr == pytest.approx(0.01) and found.best_value == 1.0
    assert log10(found.high / found.low) == pytest.approx(found.decades)
    assert not found.open_low and not found.open_high


def test_a_basin_by_hand():
    lr = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
    found = basin(lr, [2.0, 1.1, 1.0, 1.04, inf])
    # 1.05 lies half way from 1.0 to 1.1; after .1 the next one diverges.
    assert found.low == pytest.approx(10**-2.5) and found.high == pytest.approx(0.1)
    assert found.decades == pytest.approx(1.5)
    assert not found.open_low and not found.open_high


def test_a_basin_that_the_sweep_cuts_is_open():
    found = basin([1e-3, 1e-2, 1e-1], [1.0, 1.02, 2.0])
    assert found.open_low and not found.open_high and found.low == pytest.approx(1e-3)
    everywhere = basin([1e-3, 1e-1], [1.0, 1.0])
    assert everywhere.open_low and everywhere.open_high
    assert everywhere.decades == pytest.approx(2.0)


def test_basins_that_do_not_hang_together_do_not_add_up():
    found = basin([1e-4, 1e-3, 1e-2, 1e-1], [1.0, 9.0, 1.0, 1.0], tolerance=1e-9)
    assert found.best_lr == pytest.approx(1e-4) and found.decades < 1e-6


def test_nothing_converges():
    assert basin([0.1, 1.0], [inf, inf]) is None


@REPEATABLE
@given(
    st.lists(
        st.tuples(st.integers(-20, 5), st.one_of(st.floats(0.1, 9), st.just(inf))),
        min_size=1,
        max_size=12,
        unique_by=lambda point: point[0],
    ),
    st.floats(0.1, 10),
    st.sampled_from([0.5, 8.0]),
)
def test_neither_unit_of_rate_or_loss_nor_order_matters(points, rate, loss):
    x, v = (np.array(side, dtype=float) for side in zip(*points, strict=True))
    plain = basin(2.0**x, v)
    other = basin((2.0**x * rate)[::-1], (v * loss)[::-1])
    if plain is None:
        assert other is None
        return
    assert 0 <= plain.decades
    # Equal values elsewhere may be found first in another order.
    if np.unique(v).size == v.size:
        assert other.decades == pytest.approx(plain.decades, abs=1e-9)
        assert other.best_lr == pytest.approx(plain.best_lr * rate)
        assert (other.open_low, other.open_high) == (plain.open_low, plain.open_high)


@REPEATABLE
@given(
    st.lists(st.floats(0.1, 9), min_size=3, max_size=12),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_a_larger_tolerance_never_narrows(values, tolerance, more):
    lr = np.logspace(-5, 0, len(values))
    narrow = basin(lr, values, tolerance)
    wide = basin(lr, values, tolerance + more)
    assert wide.decades >= narrow.decades - 1e-12


def test_the_envelope_takes_the_best_of_each_bin():
    lr = [1e-3, 1.1e-3, 1e-2, 1.5e-2, 0.9, 1.0]
    rates, values = lr_envelope(lr, [3.0, 2.0, 5.0, inf, inf, inf], bins_per_decade=2)
    np.testing.assert_allclose(rates, [1.1e-3, 1e-2, 0.9, 1.0])
    assert values.tolist() == [2.0, 5.0, inf, inf]


def test_the_envelope_of_a_random_search_finds_the_basin():
    """3,000 trials whose other hyper-parameter costs up to 1 more; width .447."""
    rng = np.random.default_rng(0)
    x, other = rng.uniform(-4, 0, 3000), rng.uniform(0, 1, 3000)
    found = basin(*lr_envelope(10**x, 1 + (x + 2) ** 2 + other, 8))
    assert found.decades == pytest.approx(2 * sqrt(0.05), abs=0.15)


@pytest.mark.parametrize(
    ("lr", "values", "message"),
    [
        ([0.0, 1.0], [1.0, 1.0], "positive"),
        ([0.1, 1.0], [1.0], "one for each"),
        ([0.1, inf], [1.0, 1.0], "finite"),
        ([0.1, 1.0], [1.0, nan], "NaN"),
        ([], [], "empty"),
    ],
)
def test_sweeps_are_checked(lr, values, message):
    for function in (basin, lr_envelope):
        with pytest.raises(ValueError, match=message):
            function(lr, values)
    with pytest.raises(ValueError, match="bins"):
        lr_envelope([0.1], [1.0], 0)
