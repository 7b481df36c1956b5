"""Sign-flip tests and Holm's correction: against enumeration, SciPy and closure."""

from itertools import combinations, product
from math import inf, nan

import numpy as np
import pytest
from gradclinic.bench.statistics.comparison.flips import paired_tests, sign_flip_test
from gradclinic.bench.statistics.comparison.holm import holm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

# The same examples on every machine, however slow it is.
REPEATABLE = settings(derandomize=True, deadline=None)
WHOLE = st.lists(st.integers(-9, 9), min_size=1, max_size=9)
WITH_MISSES = st.lists(
    st.one_of(st.integers(-9, 9), st.sampled_from([inf, -inf])), min_size=1, max_size=9
)


def naive(scores):
    """Share of all flips whose sum is as extreme, one flip at a time."""
    observed = abs(sum(scores))
    flips = list(product([1, -1], repeat=len(scores)))
    extreme = [
        abs(sum(f * s for f, s in zip(flip, scores, strict=True))) >= observed
        for flip in flips
    ]
    return sum(extreme) / len(flips)


@REPEATABLE
@given(WHOLE)
def test_all_flips_are_counted(differences):
    assert sign_flip_test(differences) == pytest.approx(naive(differences))


@REPEATABLE
@given(WITH_MISSES.filter(lambda d: any(abs(x) == inf for x in d)))
def test_misses_are_ranked(differences):
    d = np.array(differences, dtype=float)
    signed = (np.sign(d) * stats.rankdata(np.abs(d))).tolist()
    assert sign_flip_test(d) == pytest.approx(naive(signed))


@pytest.mark.parametrize("n", [5, 12, 21, 40])
def test_ranks_are_scipys_wilcoxon(n):
    """An infinite difference has the largest rank, as any other largest one."""
    d = np.random.default_rng(n).normal(0.4, 1.0, n)
    d[0] = 100.0
    expected = stats.wilcoxon(d, method="exact").pvalue
    assert sign_flip_test(np.where(d == 100.0, inf, d)) == pytest.approx(expected)


def test_the_mean_is_scipys_permutation_test():
    d = np.random.default_rng(0).normal(0.5, 1.0, 10)
    found = stats.permutation_test(
        (d,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip_test(d) == pytest.approx(found.pvalue)


def test_fishers_figures_for_darwins_maize():
    """The design of experiments, sec. 21: 863 of 2^15 sums are 314 or more."""
    inches = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    assert sum(inches) == 314
    assert sign_flip_test(inches) == 2 * 863 / 2**15


def test_five_pairs_never_suffice_and_six_do():
    assert sign_flip_test([0.1, 0.2, 0.3, 0.4, 0.5]) == 2 / 2**5
    assert sign_flip_test([0.1] * 6) == 2 / 2**6
    assert sign_flip_test([inf] * 6) == 2 / 2**6
    assert sign_flip_test([inf] * 120) == pytest.approx(2.0**-119)
    assert sign_flip_test([0.0] * 8) == 1.0


def test_twenty_pairs_are_enumerated():
    """2^19 sums, checked by symmetric whole numbers: Pascal's triangle."""
    d = [1.0] * 15 + [-1.0] * 5
    expected = stats.binomtest(5, 20).pvalue
    assert sign_flip_test(d) == pytest.approx(expected)


@REPEATABLE
@given(WITH_MISSES, st.floats(1e-3, 1e3))
def test_direction_order_and_unit_do_not_matter(differences, unit):
    d = np.array(differences, dtype=float)
    p = sign_flip_test(d)
    assert 2.0 / 2 ** len(d) <= p <= 1.0
    assert sign_flip_test(-d) == pytest.approx(p)
    assert sign_flip_test(d[::-1]) == pytest.approx(p)
    assert sign_flip_test(d * unit) == pytest.approx(p)


@pytest.mark.parametrize("shape", ["normal", "skewed pairs", "with misses", "ranks"])
def test_the_level_holds(shape):
    """400 A/A repetitions: p <= .05 in at most 5 %, up to 3 standard errors."""
    rng = np.random.default_rng(3)
    n = 25 if shape == "ranks" else 10
    runs = rng.lognormal(0.0, 2.0 if shape == "skewed pairs" else 0.3, (400, 2, n))
    if shape == "with misses":
        runs[rng.random(runs.shape) < 0.3] = inf
    found = [paired_tests(pair).p[0, 1] for pair in runs]
    assert np.mean(np.array(found) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize("differences", [[], [nan, 1.0], [[1.0]]])
def test_differences_are_checked(differences):
    with pytest.raises(ValueError, match="differences"):
        sign_flip_test(differences)


def closed_testing(p):
    """Holm's test is the closure of Bonferroni's, subset by subset."""
    k = len(p)
    adjusted = [0.0] * k
    for size in range(1, k + 1):
        for subset in combinations(range(k), size):
            joint = min(1.0, size * min(p[i] for i in subset))
            for i in subset:
                adjusted[i] = max(adjusted[i], joint)
    return adjusted


@REPEATABLE
@given(st.lists(st.floats(0, 1), min_size=0, max_size=7))
def test_holm_is_the_closure_of_bonferroni(p):
    assert holm(p).tolist() == pytest.approx(closed_testing(p))


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@pytest.mark.parametrize("p", [[-0.1], [1.1], [nan], 0.5])
def test_p_values_are_checked(p):
    with pytest.raises(ValueError, match="p must be"):
        holm(p)


def test_all_pairs_are_tested_on_log_ratios():
    costs = np.array([[10.0] * 10, [20.0] * 10, [20.0] * 9 + [inf]])
    found = paired_tests(costs)
    assert found.p[0, 1] == found.p[1, 0] == found.p[0, 2] == 2.0**-9
    assert found.p[1, 2] == 1.0 and np.diag(found.p).tolist() == [1.0] * 3
    assert found.adjusted[0, 1] == found.adjusted[0, 2] == pytest.approx(3 * 2.0**-9)
    assert found.smallest == pytest.approx(3 * 2.0**-9)
    few = paired_tests(costs[:, :5])
    assert few.smallest == pytest.approx(3 * 0.0625)
    assert paired_tests(costs[:1]).adjusted.tolist() == [[1.0]]


def test_a_pair_of_log_ratios_by_hand():
    costs = np.array([[1.0, 2.0, 9.0, 4.0], [2.0, 3.0, 8.0, 7.0]])
    expected = naive(np.log(costs[1] / costs[0]).tolist())
    assert paired_tests(costs).p[0, 1] == pytest.approx(expected)
