"""The five verdicts: each at its borders, total, exclusive, and in words."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from gradclinic.bench.statistics import (
    VERDICTS,
    Effect,
    Verdict,
    guarded,
    needs_extension,
    paired_effect,
    verdict,
)
from hypothesis import given, settings
from hypothesis import strategies as st

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
WHYS = {
    "improves",
    "worsens",
    "same",
    "sure gain",
    "sure loss",
    "small",
    "too few",
    "perhaps gain",
    "perhaps loss",
    "split gain",
    "split loss",
    "spread",
}
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
        (effect(0.3, -0.6, 1.2, -0.4, 0.99), True, "too small to matter"),
        (effect(0.3, 0.1, 0.5, 0.2, 0.4), False, "too small to matter"),
        (effect(0.3, -0.6, 1.2, -0.4, 1.0), True, "inconclusive"),
        (effect(-0.3, -1.2, 0.6, -1.0, 0.4), True, "inconclusive"),
        (effect(0.0, 0.0, 0.0, 0.0, 0.0), True, "too small to matter"),
    ],
)
def test_each_verdict_on_both_sides_of_its_border(found, fires, expected):
    assert verdict(found, 1.0, refuted=not fires).name == expected


@REPEATABLE
@given(st.lists(NUMBERS, min_size=0, max_size=20), st.integers(1, 20), st.booleans())
def test_every_effect_gets_one_verdict_and_swapping_mirrors_it(d, m, fires):
    helps = "relieved" if fires else "cured"
    mirrored = {helps: "worse", "worse": helps}
    there, back = (
        verdict(paired_effect(x, 0.5, comparisons=m), 0.5, refuted=not fires)
        for x in (np.array(d), -np.array(d))
    )
    assert there.name in VERDICTS
    assert back.name == mirrored.get(there.name, there.name)
    assert there.why in WHYS and back.why in WHYS


@REPEATABLE
@given(st.floats(-5, 5), st.floats(0, 3), st.floats(0, 2), st.floats(0.01, 2))
def test_no_two_rules_hold_at_once(mean, half, narrower, delta):
    near, far = half, half + narrower
    found = effect(mean, mean - far, mean + far, mean - near, mean + near)
    rules = [
        found.low > 0 and found.value > delta,
        found.high < 0 and found.value < -delta,
        -delta < found.low90 and found.high90 < delta,
    ]
    assert sum(rules) <= 1
    assert (verdict(found, delta, False).name == "inconclusive") == (not any(rules))


def judged(d, comparisons=4, looks=1, fires=False):
    return verdict(paired_effect(d, 0.1, comparisons, looks), 0.1, not fires)


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


def test_one_infinite_pair_decides_nothing():
    """What is typical decides: the other nine are as the baseline, or are better."""
    assert judged([inf] + [0.0] * 9).name == "too small to matter"
    assert judged([-inf] + [0.0] * 9).name == "too small to matter"
    # At 1 - .05 / 2 ten pairs are bounded by the second of them, at 1 - .05 / 4 by the
    # first.
    assert judged([0.3] * 9 + [-inf], comparisons=2).name == "cured"
    assert judged([0.3] * 8 + [-inf] * 2, comparisons=2).name == "inconclusive"
    assert judged([0.3] * 9 + [-inf]).name == "inconclusive"


def test_small_improvements_do_not_help_because_one_run_was_rescued():
    found = judged([0.01] * 19 + [inf])
    assert found.name == "too small to matter"
    assert found.why == "sure gain"


@pytest.mark.parametrize("side", [1, -1])
def test_of_an_even_number_both_middle_pairs_must_change_by_what_matters(side):
    """delta is .1: one middle pair beyond it, and one within, are not enough."""
    far, near = [side * inf] + [side * 0.2] * 9, [side * 0.05] * 10
    found = judged(far + near)
    assert found.name == "inconclusive"
    assert found.why == ("perhaps gain" if side > 0 else "perhaps loss")
    more = judged([*far, side * 0.2, *near[1:]])
    assert more.name == ("cured" if side > 0 else "worse")


def test_half_rescued_is_not_a_fix():
    assert judged([inf] * 10 + [0.0] * 10).name == "inconclusive"
    # Ranks 5 and 16 bound twenty pairs at this level: all but 4 must be rescued.
    assert judged([inf] * 15 + [0.0] * 5).name == "inconclusive"
    assert judged([inf] * 16 + [0.0] * 4).name == "cured"


def test_diverging_with_the_baseline_changes_nothing():
    assert judged([0.0] * 10).name == "too small to matter"
    assert judged([0.0] * 10).why == "same"


def test_one_seed_is_inconclusive():
    assert judged([5.0]).name == "inconclusive"
    assert judged([]) == Verdict("inconclusive", "too few") == judged([5.0])


def test_extension_is_for_the_undecided_and_the_widely_spread():
    sure = effect(2.0, 0.1, 4.0, sd_over_delta=1.5)
    cured = verdict(sure, 1.0, refuted=True)
    assert not needs_extension(cured, sure)
    assert needs_extension(cured, replace(sure, sd_over_delta=1.6))
    undecided = effect(2.0, -0.1, 4.0, sd_over_delta=0.5)
    assert needs_extension(verdict(undecided, 1.0, True), undecided)
    counted = paired_effect([inf] * 10, 0.1, comparisons=2)
    assert not needs_extension(verdict(counted, 0.1, True), counted)


def test_delta_must_be_positive():
    with pytest.raises(ValueError, match="delta"):
        verdict(effect(2.0, 0.1, 4.0), 0.0, refuted=True)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (effect(2.0, 0.1, 4.0), "improves"),
        (effect(-2.0, -4.0, -0.1), "worsens"),
        (effect(2.0, -0.1, 4.0), "split gain"),
        (effect(-2.0, -4.0, 0.1), "split loss"),
        (effect(0.8, 0.1, 1.5, 0.3, 1.3), "perhaps gain"),
        (effect(-0.8, -1.5, -0.1, -1.3, -0.3), "perhaps loss"),
        (effect(0.1, -2.0, 2.0, -1.5, 1.5, 2.1), "spread"),
        (effect(None, -inf, inf, -inf, inf), "spread"),
        (effect(1.0, -2.0, 2.0, -1.5, 1.5), "spread"),
        (effect(0.1, -0.5, 0.7, -0.3, 0.5), "small"),
        (effect(0.4, 0.1, 0.7, 0.2, 0.6), "sure gain"),
        (effect(-0.4, -0.7, -0.1, -0.6, -0.2), "sure loss"),
    ],
)
def test_it_is_named_what_decided(found, why):
    assert verdict(found, 1.0, refuted=True).why == why


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("cured", "relieved"),
        ("relieved", "relieved"),
        ("worse", "worse"),
        ("too small to matter", "worse"),
        ("inconclusive", "worse"),
    ],
)
def test_a_guardrail_that_fails_overrides(name, after):
    found = Verdict(name, "spread")
    assert guarded(found, harmed=False) is found
    assert guarded(found, harmed=True) == Verdict(after, "spread")
