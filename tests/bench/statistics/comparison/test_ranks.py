"""Ranks, their intervals, ties and stability: naive counts, coverage, circles."""

from itertools import combinations
from math import inf, nan

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.aggregates import interquartile_mean
from gradclinic.bench.statistics.comparison.improvement import better, improvement
from gradclinic.bench.statistics.comparison.profiles import profile_scores
from gradclinic.bench.statistics.comparison.ranks import Rank, places, rank_intervals
from gradclinic.bench.statistics.comparison.stability import stability
from gradclinic.bench.statistics.comparison.ties import (
    Standing,
    standings,
    tie_groups,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)


def runs(centres, problems=12, seeds=10, noise=0.4, seed=0):
    """float[m, p, s]: log-normal costs around exp(centre) of each optimizer."""
    rng = np.random.default_rng(seed)
    shape = (len(centres), problems, seeds)
    return np.exp(np.array(centres)[:, None, None] + rng.normal(0, noise, shape))


@REPEATABLE
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=9))
def test_places_are_those_of_scipy(scores):
    first, last = places(scores)
    lost = -np.array(scores)
    np.testing.assert_array_equal(first, rankdata(lost, method="min"))
    np.testing.assert_array_equal(last, rankdata(lost, method="max"))


def test_places_by_hand():
    first, last = places([[0.5, inf, 0.5, 0.1]])
    assert first.tolist() == [[2, 1, 2, 4]] and last.tolist() == [[3, 1, 3, 4]]
    with pytest.raises(ValueError, match="NaN"):
        places([nan, 1.0])


def test_clear_differences_leave_no_doubt():
    found = rank_intervals(runs([1.0, 0.0, 2.0]), profile_scores, resamples=200)
    assert found == [Rank(2, 2, 2, 2), Rank(1, 1, 1, 1), Rank(3, 3, 3, 3)]


def test_one_under_two_names_has_one_interval():
    costs = runs([0.0, 1.0, 1.0, 2.0])
    costs[2] = costs[1]
    found = rank_intervals(costs, profile_scores, resamples=200)
    assert found[1] == found[2]
    assert (found[1].first, found[1].last) == (2, 3)
    assert (found[1].low, found[1].high) == (2, 3)


def test_one_seed_leaves_every_place_open():
    found = rank_intervals(runs([0.0, 9.0], seeds=1), profile_scores)
    assert found == [Rank(1, 1, 1, 2), Rank(2, 2, 1, 2)]


def test_a_hopeless_optimizer_comes_last_and_moves_nobody():
    costs = runs([0.0, 0.1, 0.2, 0.3])
    plain = rank_intervals(costs, profile_scores, resamples=200)
    hopeless = np.concatenate([costs, np.full_like(costs[:1], inf)])
    found = rank_intervals(hopeless, profile_scores, resamples=200)
    assert found == [*plain, Rank(5, 5, 5, 5)]


def test_more_noise_never_makes_surer_and_other_statistics_work():
    calm, noisy = (
        rank_intervals(
            np.exp(-runs([0.0, 0.1, 0.2], noise=noise)),
            interquartile_mean,
            resamples=200,
        )
        for noise in (0.05, 1.0)
    )
    assert sum(r.high - r.low for r in calm) < sum(r.high - r.low for r in noisy)


@pytest.mark.parametrize("gap", [0.05, 0.2])
def test_rank_intervals_cover(gap):
    """100 studies of 6 optimizers whose medians differ by a known factor."""
    centres = np.arange(6) * gap
    covered = []
    for seed in range(100):
        costs = runs(centres, seed=seed)
        found = rank_intervals(costs, profile_scores, resamples=200)
        covered.append([r.low <= i + 1 <= r.high for i, r in enumerate(found)])
    assert np.mean(covered, axis=0).min() >= 0.92


def test_equal_optimizers_are_hardly_ever_surely_the_best():
    """200 A/A studies: the interval of none but 5 % ends at the first place."""
    alarms = 0
    for seed in range(200):
        found = rank_intervals(
            runs([0.0] * 6, seed=seed), profile_scores, resamples=100
        )
        alarms += any(r.high == 1 for r in found)
    assert alarms / 200 <= 0.05


@st.composite
def relations(draw):
    """A "better" without any structure but that no two are better than one another."""
    m = draw(st.integers(1, 7))
    beats = np.zeros((m, m), dtype=bool)
    for i, j in combinations(range(m), 2):
        way = draw(st.sampled_from(["none", "i", "j"]))
        beats[i, j], beats[j, i] = way == "i", way == "j"
    return beats


@REPEATABLE
@given(relations())
def test_groups_are_all_largest_sets_of_ties(beats):
    """Every subset tried: tied throughout, and nobody to add."""
    m = len(beats)

    def tied(group):
        return not beats[np.ix_(group, group)].any()

    every = [
        group
        for size in range(1, m + 1)
        for group in combinations(range(m), size)
        if tied(group)
    ]
    largest = [g for g in every if not any(set(g) < set(other) for other in every)]
    found = tie_groups(beats)
    assert sorted(found) == sorted(largest)
    assert len(set(found)) == len(found)


@REPEATABLE
@given(relations())
def test_standings_and_groups_say_the_same(beats):
    found, groups = standings(beats), tie_groups(beats)
    for i, standing in enumerate(found):
        assert 1 <= standing.low <= standing.high <= len(beats)
        assert standing.high - standing.low == len(standing.tied)
        together = set().union(*(set(g) for g in groups if i in g)) - {i}
        assert together == set(standing.tied)


def test_a_chain_of_ties_is_not_one_group():
    """a is better than c, b is tied with both."""
    beats = np.zeros((3, 3), dtype=bool)
    beats[0, 2] = True
    assert tie_groups(beats) == [(0, 1), (1, 2)]
    assert standings(beats) == [
        *(Standing(1, 2, (1,)), Standing(1, 3, (0, 2)), Standing(2, 3, (1,))),
    ]


def test_nobody_in_a_circle_is_the_best():
    beats = np.roll(np.eye(4, dtype=bool), 1, axis=1)
    assert [s.low for s in standings(beats)] == [2, 2, 2, 2]
    assert tie_groups(beats) == [(0, 2), (1, 3)]


def test_contradictions_are_refused():
    with pytest.raises(ValueError, match="one another"):
        tie_groups(np.ones((2, 2), dtype=bool))
    with pytest.raises(ValueError, match="square"):
        standings(np.zeros((2, 3), dtype=bool))


def test_many_ties_are_found_fast():
    """An order of 40 in which neighbours within 5 places are tied has 35 groups."""
    index = np.arange(40)
    beats = index[:, None] + 5 < index[None, :]
    assert tie_groups(beats) == [tuple(range(i, i + 6)) for i in range(35)]


def test_the_same_optimizer_ties_and_a_random_direction_is_last():
    """Another name for the third, on its own seeds; the last never reaches."""
    costs = runs([0.0, 0.5, 1.0, 1.0, 1.5])
    costs = np.concatenate([costs, np.full_like(costs[:1], inf)])
    sure = better(improvement(costs, resamples=200))
    found = standings(sure)
    assert 3 in found[2].tied
    assert (found[5].low, found[5].high) == (6, 6)


def test_stability_by_hand():
    """The first owes its place to the first problem; the third stays the last."""
    costs = np.array([[1.0, 3.0, 2.0], [3.9, 2.0, 1.9], [8.0, 7.9, 7.9]])
    costs = np.repeat(costs[..., None], 2, axis=-1)
    found = stability(costs, profile_scores)
    assert found.places.tolist() == [1, 2, 3]
    assert found.without_problem.tolist() == [[2, 1, 3], [1, 2, 3], [1, 2, 3]]
    assert found.problem_swaps.tolist() == [1, 0, 0]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 3], [2, 2, 3])
    assert found.without_optimizer.tolist() == [[0, 1, 2], [1, 0, 2], [1, 2, 0]]
    assert found.optimizer_swaps.tolist() == [0, 0, 0]


def test_an_order_that_hangs_on_a_third_is_told():
    costs = np.array([[1.5, 3.5], [1.4, 5.0], [8.0, 0.5]])[..., None]
    found = stability(costs, profile_scores)
    assert found.optimizer_swaps.tolist() == [0, 0, 1]
    assert found.places[0] > found.places[1]
    assert found.without_optimizer[2].tolist() == [1, 2, 0]


def test_nothing_can_be_left_out_of_one():
    found = stability(runs([0.0], problems=1), profile_scores)
    assert found.places.tolist() == [1] and found.without_problem.tolist() == [[1]]
    assert found.without_optimizer.tolist() == [[0]]
