"""Stored effects read back: seeds, errors, overlap, and how two are set against."""

from math import inf, log

import numpy as np
import pytest
from gradclinic.bench.statistics.changes import (
    EstimateDifference,
    MeanEstimate,
    MedianEstimate,
)
from gradclinic.bench.studies.compare.estimates import (
    change_of,
    shown_change,
    stored_effect,
)
from hypothesis import given
from hypothesis import strategies as st

from .made import ACCURACY, METRIC, fix

SEEDS = range(6)
VALUES = st.lists(st.floats(0.1, 0.9), min_size=6, max_size=6)


@given(VALUES, VALUES, st.sampled_from([METRIC, ACCURACY]), st.floats(0, 1))
def test_gains_error_and_overlap_are_those_that_were_stored(
    before, after, metric, overlap
):
    found = stored_effect(
        fix("l2", before, after, SEEDS, metric, overlap=overlap), metric
    )
    log_scale = metric["scale"] == "log"
    turn = np.log if log_scale else np.asarray
    gains = turn(before) - turn(after) if log_scale else turn(after) - turn(before)
    assert [*found.gains.values()] == pytest.approx(list(gains), abs=1e-9)
    spread = float(np.std(gains, ddof=1))
    assert found.error == pytest.approx(spread * (1 / 6 + overlap) ** 0.5, abs=1e-9)
    if spread > 1e-3:
        assert found.overlap == pytest.approx(overlap, abs=1e-5)


def test_a_missed_run_is_infinite_and_a_median_takes_the_place():
    before, after = [1.0, 1.0, np.nan, 1.0, 1.0, 1.0], [np.nan, 0.5, 0.5, 0.5, 0.5, 0.5]
    found = stored_effect(fix("l2", before, after, SEEDS), METRIC)
    assert found.censored and found.gains[0] == -inf and found.gains[2] == inf
    assert isinstance(found.estimate, MedianEstimate)


@pytest.mark.parametrize(
    ("missed", "missed_before", "gain"), [(1, 0, -inf), (0, 1, inf), (1, 1, None)]
)
def test_a_difference_that_is_infinite_has_a_sign_where_one_side_missed(
    missed, missed_before, gain
):
    stored = {
        "effect": {
            "kind": "censored",
            "missed": missed,
            "missed_baseline": missed_before,
            "pairs": [[0, None], [1, 0.1]],
        },
        "n": 2,
        "low": None,
        "high": None,
        "level": 0.95,
    }
    found = stored_effect(stored, ACCURACY)
    assert found.gains == ({} if gain is None else {0: gain, 1: 0.1})
    assert (found.estimate is None) == (gain is None)


def effect(seeds, values, **asked):
    ones = np.ones(len(values))
    made = fix("l2", ones, np.exp(-np.array(values)), seeds, **asked)
    return stored_effect(made, METRIC)


def test_shared_seeds_are_paired_and_others_left_out():
    before = effect(range(3), [0.1, 0.2, 0.3])
    after = effect(range(1, 5), [0.7, 0.5, 9.0, 9.0])
    estimate, how, n = change_of(before, after)
    assert (how, n) == ("paired", 2)
    assert isinstance(estimate, MeanEstimate) and estimate.value == pytest.approx(0.35)


def test_pairs_of_splits_keep_the_overlap_of_their_training_rows():
    before = effect(range(4), [0.1, 0.2, 0.3, 0.2], overlap=0.5)
    after = effect(range(4), [0.1, 0.3, 0.3, 0.4], overlap=0.5)
    estimate, _, _ = change_of(before, after)
    spread = np.std([0.0, 0.1, 0.0, 0.2], ddof=1)
    assert estimate.error == pytest.approx(spread * (1 / 4 + 0.5) ** 0.5)


def test_other_seeds_are_independent_and_one_shared_seed_is_no_sample():
    one = effect(range(3), [0.1, 0.2, 0.3])
    estimate, how, _ = change_of(one, effect(range(10, 14), [0.1, 0.2, 0.3, 0.1]))
    assert how == "independent" and isinstance(estimate, EstimateDifference)
    assert change_of(one, effect(range(2, 5), [0.1, 0.2, 0.3]))[0] is None
    assert change_of(one, None)[0] is None


def test_runs_that_missed_in_both_are_not_known_to_differ():
    before = effect(range(3), [-inf, 0.2, 0.3])
    after = effect(range(3), [-inf, 0.4, 0.5])
    estimate, _, _ = change_of(before, after)
    assert isinstance(estimate, MedianEstimate)
    assert estimate.values == pytest.approx((0.0, 0.2, 0.2))


def test_earlier_results_without_seeds_have_an_error_but_no_pairs():
    made = fix("l2", [1.0, 1.1, 0.9], [0.5, 0.6, 0.4], range(3))
    made["effect"]["pairs"] = []
    found = stored_effect(made, METRIC)
    assert found.gains == {} and isinstance(found.estimate, MeanEstimate)
    assert change_of(found, found)[1] == "independent"


@pytest.mark.parametrize(
    ("gain", "metric", "shown"),
    [
        (log(2), METRIC, 0.5),
        (-log(2), METRIC, 2.0),
        (0.1, ACCURACY, 0.1),
        (-inf, METRIC, None),
        (inf, METRIC, 0.0),
        (inf, ACCURACY, None),
        (float("nan"), METRIC, None),
    ],
)
def test_a_change_is_shown_on_the_scale_of_the_metric(gain, metric, shown):
    found = shown_change(gain, metric)
    assert found is None if shown is None else found == pytest.approx(shown)


def test_what_was_not_measurable_has_no_effect():
    assert stored_effect({"effect": None}, METRIC) is None
