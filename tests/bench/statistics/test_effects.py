"""Paired effects: signs, censored runs, intervals and their symmetries."""

from dataclasses import replace
from math import inf, log, nan

import numpy as np
import pytest
from gradclinic.bench.statistics import improvements, paired_effect
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
DELTA = log(1.05)
POSITIVE = st.floats(1e-6, 1e6)
PAIRS = st.lists(st.tuples(POSITIVE, POSITIVE), min_size=2, max_size=20)
DIFFERENCES = st.lists(st.floats(-100, 100), min_size=2, max_size=20)


@pytest.mark.parametrize(
    ("scale", "better", "expected"),
    [
        ("log", "lower", [log(2), -log(3)]),
        ("log", "higher", [-log(2), log(3)]),
        ("linear", "lower", [1.0, -2.0]),
        ("linear", "higher", [-1.0, 2.0]),
    ],
)
def test_positive_is_better(scale, better, expected):
    found = improvements([2.0, 1.0], [1.0, 3.0], scale, better)
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("missed", [inf, -inf, nan])
def test_a_run_that_missed_or_diverged_is_worse_than_any_other(scale, better, missed):
    found = improvements([missed, 5.0, missed], [5.0, missed, missed], scale, better)
    assert found.tolist() == [inf, -inf, 0.0]


def test_zero_on_the_log_scale():
    assert improvements([1, 0, 0], [0, 1, 0], "log", "lower").tolist() == [inf, -inf, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], [1.0], "cubic", "lower"), "scale"),
        (([1.0], [1.0], "log", "best"), "better"),
        (([1.0], [1.0, 2.0], "log", "lower"), "same seeds"),
        (([1.0], [-1.0], "log", "lower"), "negative"),
    ],
)
def test_improvements_says_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        improvements(*arguments)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"delta": 0.0}, "delta"),
        ({"delta": nan}, "delta"),
        ({"comparisons": 0}, "comparisons"),
        ({"looks": 0}, "looks"),
        ({"differences": [nan, 1.0]}, "NaN"),
    ],
)
def test_paired_effect_says_what_is_wrong(changes, message):
    right = {"differences": [0.0, 1.0], "delta": 1.0, "comparisons": 3}
    with pytest.raises(ValueError, match=message):
        paired_effect(**(right | changes))


@pytest.mark.parametrize("looks", [1, 2])
def test_the_intervals_are_scipys(looks):
    d = np.random.default_rng(0).normal(0.3, 0.2, 10)
    found = paired_effect(d, DELTA, comparisons=12, looks=looks)
    test = stats.ttest_1samp(d, 0.0)
    assert found.level == pytest.approx(1 - 0.05 / 12 / looks)
    wide, narrow = test.confidence_interval(found.level), test.confidence_interval(0.9)
    assert (found.low, found.high) == pytest.approx((wide.low, wide.high))
    assert (found.low90, found.high90) == pytest.approx((narrow.low, narrow.high))
    assert found.value == pytest.approx(d.mean())
    assert found.sd_over_delta == pytest.approx(d.std(ddof=1) / DELTA)
    assert found.signs is None


def test_both_intervals_take_the_corrected_standard_error():
    d = np.arange(10.0)
    plain = paired_effect(d, 1.0, comparisons=4)
    split = paired_effect(d, 1.0, comparisons=4, test_over_train=0.3)
    wider = np.sqrt((1 / 10 + 0.3) / (1 / 10))
    assert split.high - split.value == pytest.approx(wider * (plain.high - plain.value))
    assert split.high90 - split.value == pytest.approx(
        wider * (plain.high90 - plain.value)
    )
    assert split.sd == plain.sd


def test_equal_differences_collapse_the_interval():
    found = paired_effect([0.25] * 3, 0.1, comparisons=5)
    assert (found.low, found.value, found.high, found.sd) == (0.25, 0.25, 0.25, 0.0)


def test_one_seed_has_a_mean_and_nothing_else():
    one = paired_effect([0.5], 0.1, comparisons=5)
    assert (one.n, one.value, one.low, one.sd, one.sd_over_delta) == (
        *(1, 0.5, None, None, None),
    )
    assert paired_effect([], 0.1, comparisons=5).value is None


def test_infinite_improvements_are_counted_around_their_median():
    d = [inf] * 7 + [-inf, 0.0, 0.3]
    found = paired_effect(d, DELTA, comparisons=2)
    assert (found.n, found.value, found.sd_over_delta) == (10, inf, None)
    assert (found.signs.improved, found.signs.worsened, found.signs.unchanged) == (
        *(8, 1, 1),
    )
    assert found.signs.p == pytest.approx(stats.binomtest(1, 9).pvalue)
    # 2 P(B < 2) = .0215 <= .025, the share of two fixes: ranks 2 and 9 of 10.
    assert (found.low, found.high) == (0.0, inf)
    # 2 P(B < 2) = .0215 <= .1 < 2 P(B < 3): the same ranks.
    assert (found.low90, found.high90) == (0.0, inf)


@pytest.mark.parametrize("looks", [1, 2])
def test_what_can_be_missed_is_a_median_even_where_nothing_was(looks):
    d = np.random.default_rng(3).normal(0.3, 0.2, 20)
    found = paired_effect(d, DELTA, 3, looks, test_over_train=0.5, censored=True)
    ordered = np.sort(d)
    k = int(stats.binom.ppf(0.05 / 3 / looks / 2, 20, 0.5))
    assert found.value == pytest.approx(np.median(d))
    assert (found.low, found.high) == (ordered[k - 1], ordered[20 - k])
    assert (found.low90, found.high90) == (ordered[5], ordered[14])
    assert found.sd is None and found.sd_over_delta is None


def test_opposite_infinities_have_no_middle():
    found = paired_effect([inf, -inf], 0.1, comparisons=1)
    assert (found.value, found.low, found.high) == (None, -inf, inf)


@REPEATABLE
@given(PAIRS, st.sampled_from(["log", "linear"]), st.sampled_from(["lower", "higher"]))
def test_swapping_baseline_and_fix_mirrors_the_effect(pairs, scale, better):
    before, after = map(list, zip(*pairs, strict=True))
    there = improvements(before, after, scale, better)
    back = improvements(after, before, scale, better)
    np.testing.assert_array_equal(there, -back)
    one, other = (paired_effect(d, 0.1, comparisons=3) for d in (there, back))
    mirrored = replace(
        other,
        value=-other.value,
        low=-other.high,
        high=-other.low,
        low90=-other.high90,
        high90=-other.low90,
    )
    assert one == mirrored


@REPEATABLE
@given(PAIRS, st.floats(1e-3, 1e3))
def test_log_improvements_do_not_depend_on_the_unit(pairs, factor):
    before, after = (np.array(side) for side in zip(*pairs, strict=True))
    plain = improvements(before, after, "log", "lower")
    scaled = improvements(factor * before, factor * after, "log", "lower")
    np.testing.assert_allclose(plain, scaled, atol=1e-9)


@REPEATABLE
@given(DIFFERENCES, st.integers(1, 30), st.integers(1, 30))
def test_more_comparisons_never_narrow_the_interval(d, m, more):
    few = paired_effect(d, 1.0, comparisons=m)
    many = paired_effect(d, 1.0, comparisons=m + more)
    assert many.low <= few.low <= few.value <= few.high <= many.high
    assert (many.low90, many.high90) == (few.low90, few.high90)
