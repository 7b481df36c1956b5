"""The five verdicts: each at its borders, total, exclusive, and in words."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from gradclinic.bench.statistics import (
    VERDICTS,
    Effect,
    needs_extension,
    paired_effect,
    verdict,
)
from hypothesis import given, settings
from hypothesis import strategies as st

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
NUMBERS = st.one_of(st.floats(-100, 100), st.sampled_from([0.0, 0.1, -0.1, inf, -inf]))


def effect(mean, low, high, low90=-9.0, high90=9.0, sd_over_delta=1.0):
    return Effect(10, mean, 0.1, low, high, low90, high90, 0.995, sd_over_delta)


@pytest.mark.parametrize(
    ("found", "fires", "expected"),
    [
        (effect(2.0, 0.1, 4.0), False, "cured"),
        (effect(2.0, 0.1, 4.0), True, "relieved"),
        (effect(2.0, 0.0, 4.0), False, "inconclusive"),
        (effect(1.0, 0.5, 1.5), False, "inconclusive"),
        (effect(-2.0, -4.0, -0.1), False, "worse"),
        (effect(-2.0, -4.0, 0.0), False, "inconclusive"),
        (effect(-1.0, -1.5, -0.5), False, "inconclusive"),
        (effect(0.3, -0.6, 1.2, -0.4, 0.99), True, "no effect"),
        (effect(0.3, 0.1, 0.5, 0.2, 0.4), False, "no effect"),
        (effect(0.3, -0.6, 1.2, -0.4, 1.0), True, "inconclusive"),
        (effect(-0.3, -1.2, 0.6, -1.0, 0.4), True, "inconclusive"),
        (effect(0.0, 0.0, 0.0, 0.0, 0.0), True, "no effect"),
    ],
)
def test_each_verdict_on_both_sides_of_its_border(found, fires, expected):
    assert verdict(found, 1.0, symptom_fires=fires).name == expected


@REPEATABLE
@given(st.lists(NUMBERS, min_size=0, max_size=20), st.integers(1, 20), st.booleans())
def test_every_effect_gets_one_verdict_and_swapping_mirrors_it(d, m, fires):
    helps = "relieved" if fires else "cured"
    mirrored = {helps: "worse", "worse": helps}
    there, back = (
        verdict(paired_effect(x, 0.5, comparisons=m), 0.5, symptom_fires=fires)
        for x in (np.array(d), -np.array(d))
    )
    assert there.name in VERDICTS
    assert back.name == mirrored.get(there.name, there.name)
    assert there.reason.endswith(".")


@REPEATABLE
@given(st.floats(-5, 5), st.floats(0, 3), st.floats(0, 2), st.floats(0.01, 2))
def test_no_two_rules_hold_at_once(mean, half, narrower, delta):
    near, far = half, half + narrower
    found = effect(mean, mean - far, mean + far, mean - near, mean + near)
    rules = [
        found.low > 0 and found.mean > delta,
        found.high < 0 and found.mean < -delta,
        -delta < found.low90 and found.high90 < delta,
    ]
    assert sum(rules) <= 1
    assert (verdict(found, delta, True).name == "inconclusive") == (not any(rules))


def judged(d, comparisons=4, looks=1, fires=False):
    return verdict(paired_effect(d, 0.1, comparisons, looks), 0.1, fires)


def test_all_runs_rescued_helps_once_there_are_enough_of_them():
    assert judged([inf] * 10).name == "cured"
    assert judged([inf] * 10, fires=True).name == "relieved"
    assert judged([-inf] * 10).name == "worse"
    # 2 / 2^5 = .0625 and 2 / 2^7 = .0156 are both above .05 / 4; 2 / 2^8 is not.
    assert judged([inf] * 5).name == "inconclusive"
    assert judged([inf] * 7).name == "inconclusive"
    assert judged([inf] * 8).name == "cured"
    # 2 / 2^10 = .00195 is below .05 / 12 / 2 = .00208 and above .05 / 13 / 2.
    assert judged([inf] * 10, comparisons=12, looks=2).name == "cured"
    assert judged([inf] * 10, comparisons=13, looks=2).name == "inconclusive"


def test_one_infinite_pair_neither_helps_nor_hurts():
    assert judged([inf] + [0.0] * 9).name == "inconclusive"
    assert judged([0.3] * 9 + [-inf]).name == "inconclusive"


def test_small_improvements_do_not_help_because_one_run_was_rescued():
    found = judged([0.01] * 19 + [inf])
    assert found.name == "inconclusive"
    assert "too few change by what matters" in found.reason


@pytest.mark.parametrize("side", [1, -1])
def test_of_an_even_number_both_middle_pairs_must_change_by_what_matters(side):
    """delta is .1: one middle pair beyond it, and one within, are not enough."""
    far, near = [side * inf] + [side * 0.2] * 9, [side * 0.05] * 10
    found = judged(far + near)
    assert found.name == "inconclusive"
    assert "too few change by what matters" in found.reason
    more = judged([*far, side * 0.2, *near[1:]])
    assert more.name == ("cured" if side > 0 else "worse")


def test_half_rescued_is_not_a_fix():
    assert judged([inf] * 10 + [0.0] * 10).name == "inconclusive"
    assert judged([inf] * 11 + [0.0] * 9).name == "cured"


def test_diverging_with_the_baseline_changes_nothing():
    assert judged([0.0] * 10).name == "no effect"
    assert "exactly the same" in judged([0.0] * 10).reason


def test_one_seed_is_inconclusive():
    assert judged([5.0]).name == "inconclusive"
    assert judged([]).name == "inconclusive"


def test_extension_is_for_the_undecided_and_the_widely_spread():
    sure = effect(2.0, 0.1, 4.0, sd_over_delta=1.5)
    cured = verdict(sure, 1.0, symptom_fires=False)
    assert not needs_extension(cured, sure)
    assert needs_extension(cured, replace(sure, sd_over_delta=1.6))
    undecided = effect(2.0, -0.1, 4.0, sd_over_delta=0.5)
    assert needs_extension(verdict(undecided, 1.0, False), undecided)
    counted = paired_effect([inf] * 10, 0.1, comparisons=2)
    assert not needs_extension(verdict(counted, 0.1, False), counted)


def test_delta_must_be_positive():
    with pytest.raises(ValueError, match="delta"):
        verdict(effect(2.0, 0.1, 4.0), 0.0, symptom_fires=False)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (effect(2.0, 0.1, 4.0), "2.0 times the smallest effect that matters"),
        (effect(2.0, -0.1, 4.0), "the seeds disagree too much"),
        (effect(-2.0, -4.0, 0.1), "On average it is worse"),
        (effect(0.8, 0.1, 1.5, 0.3, 1.3), "surely improves something"),
        (effect(-0.8, -1.5, -0.1, -1.3, -0.3), "surely worsens something"),
        (effect(0.1, -2.0, 2.0, -1.5, 1.5, 2.1), "spread by 2.1 times"),
        (effect(0.1, -0.5, 0.7, -0.3, 0.5), "between -0.30 and +0.50"),
    ],
)
def test_the_reason_says_what_decided(found, words):
    assert words in verdict(found, 1.0, symptom_fires=False).reason
