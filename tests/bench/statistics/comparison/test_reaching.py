"""Reach rates and expected running times against their definitions."""

from math import inf, nan

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.reaching import (
    expected_running_time,
    reach_rate,
    running_time_interval,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)


def test_the_reach_rate_has_wilsons_interval():
    found = reach_rate([[3.0, inf, 5.0], [1.0, 2.0, inf]])
    expected = stats.binomtest(4, 6).proportion_ci(method="wilson")
    assert found.value == pytest.approx(4 / 6)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_few_running_times_by_hand():
    assert expected_running_time([10.0, 20.0], 100) == 15.0
    assert expected_running_time([10.0, inf], 100) == 110.0
    assert expected_running_time([inf, inf], 100) == inf
    # A run that diverged early costs what it used until then.
    assert expected_running_time([10.0, inf], [100, 7]) == 17.0
    several = expected_running_time([[10.0, inf], [inf, inf]], 100)
    assert several.tolist() == [110.0, inf]


@REPEATABLE
@given(
    st.lists(st.one_of(st.integers(1, 50), st.just(inf)), min_size=1, max_size=12),
    st.integers(50, 99),
)
def test_the_two_published_formulas_agree(costs, budget):
    """COCO: RT_success + (1 - q)/q RT_miss."""
    costs = np.array(costs, dtype=float)
    hits = costs[np.isfinite(costs)]
    q = hits.size / costs.size
    expected = hits.mean() + (1 - q) / q * budget if q else inf
    assert expected_running_time(costs, budget) == pytest.approx(expected)


def test_it_is_the_mean_of_simulated_restarts():
    costs, budget = np.array([10.0, 30.0, inf, inf, inf]), 100.0
    rng = np.random.default_rng(0)
    total = []
    for _ in range(20_000):
        spent = 0.0
        while True:
            run = rng.choice(costs)
            spent += min(run, budget)
            if run < inf:
                break
        total.append(spent)
    standard_error = np.std(total) / np.sqrt(len(total))
    expected = expected_running_time(costs, budget)
    assert np.mean(total) == pytest.approx(expected, abs=4 * standard_error)


def test_the_interval_knows_misses_and_single_runs():
    sure = running_time_interval([10.0] * 5, 100)
    assert tuple(sure) == (10.0, 10.0, 10.0)
    rare = running_time_interval([10.0] + [inf] * 9, 100)
    assert rare.value == 910.0 and rare.low < 910.0 and rare.high == inf
    assert tuple(running_time_interval([10.0], 100)) == (10.0, 0.0, inf)
    never = running_time_interval([inf] * 5, 100)
    assert tuple(never) == (inf, inf, inf)


def test_the_interval_covers():
    """Of 300 samples of 20 runs, nearly 95 % cover the true running time."""
    rng = np.random.default_rng(1)
    runs = rng.exponential(20.0, (300, 20)) + 5.0
    runs[runs > 60.0] = inf
    q = 1 - np.exp(-55 / 20)
    hit_mean = 5 + 20 - 55 * np.exp(-55 / 20) / q
    truth = hit_mean + (1 - q) / q * 60.0
    found = [running_time_interval(row, 60.0, resamples=500) for row in runs]
    covered = np.mean([f.low <= truth <= f.high for f in found])
    assert 0.90 <= covered <= 0.98


@pytest.mark.parametrize(
    ("costs", "budgets", "message"),
    [
        ([nan, 1.0], 10, "NaN"),
        ([-inf, 1.0], 10, "NaN or -inf"),
        ([0.0, 1.0], 10, "positive"),
        ([1.0, 2.0], 0, "budgets"),
        ([1.0, 2.0], inf, "budgets"),
        ([1.0, 20.0], 10, "beyond"),
        ([], 10, "empty"),
    ],
)
def test_what_is_wrong_is_said(costs, budgets, message):
    with pytest.raises(ValueError, match=message):
        expected_running_time(costs, budgets)
