"""Random numbers: published vectors, moments, and a fair shuffle."""

import numpy as np
import pytest
from gradclinic.kernels.philox import (
    fill_normal,
    fill_uniform,
    keep_above,
    normal_pair,
    normal_pair_as,
    philox,
    shuffle,
    unit,
    unit_as,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

# Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, result.
KNOWN = [
    ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        "243f6a88 85a308d3 13198a2e 03707344",
        "a4093822 299f31d0",
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def words(text):
    return [np.uint32(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_known_answers(counter, key, result):
    assert list(philox(*words(counter), *words(key))) == words(result)


def test_the_unit_interval_is_open():
    assert 0 < unit(np.uint32(0)) < unit(np.uint32(2**32 - 1)) < 1


RATES = st.floats(2.0**-33, 1, exclude_max=True)
WORDS = st.integers(0, 2**32 - 1)


def is_kept_as_unit_says(rate, word):
    word = np.uint32(word)
    assert (word > keep_above(rate)) == (unit(word) > rate)


@settings(max_examples=300)
@given(rate=RATES, word=WORDS)
@example(rate=2.0**-33, word=0)
@example(rate=np.nextafter(1.0, 0.0), word=2**32 - 1)
def test_a_threshold_says_what_the_unit_interval_does(rate, word):
    is_kept_as_unit_says(rate, word)


@settings(max_examples=300)
@given(word=WORDS, move=st.integers(-1, 1), near=st.integers(-1, 1))
@example(word=0, move=0, near=1)
@example(word=2**32 - 1, move=1, near=0)
@example(word=2**32 - 1, move=-1, near=0)
def test_a_threshold_is_exact_where_a_rate_is_that_of_a_word(word, move, near):
    rate = unit(np.uint32(word))
    rate = np.nextafter(rate, rate + move)
    if 2.0**-33 <= rate:
        is_kept_as_unit_says(rate, min(max(word + near, 0), 2**32 - 1))


def test_a_rate_below_the_first_word_drops_no_other():
    for rate in (0.0, 1e-12, np.nextafter(2.0**-33, 0)):
        assert keep_above(rate) == 0


def test_draws_in_float32_are_those_in_float64(rng):
    ends = [0, 1, 2**31, 2**32 - 2, 2**32 - 1]
    pairs = rng.integers(0, 2**32, (5000, 2), np.uint32).tolist()
    for a, b in pairs + [[a, b] for a in ends for b in ends]:
        w0, w1, one = np.uint32(a), np.uint32(b), np.float32(1)
        share, wide = unit_as(w0, one), unit(w0)
        assert abs(share - wide) <= 2**-23 * wide and 0 < share <= 1
        # Near 1, -log loses what the rounding of its argument took.
        near = 1e-5 if wide < 1 - 1e-6 else 1e-3
        got, wanted = normal_pair_as(w0, w1, one), normal_pair(w0, w1)
        np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=near)


def test_uniform_draws_are_uniform():
    draws = np.empty(50_001)
    fill_uniform(draws, -2.0, 3.0, 7, 11, 0)
    assert stats.kstest((draws + 2) / 5, "uniform").pvalue > 0.01


def test_normal_draws_are_normal_and_independent():
    draws = np.empty(50_001)
    fill_normal(draws, 1.0, 7, 11, 0)
    assert stats.kstest(draws, "norm").pvalue > 0.01
    for lag in (1, 2, 4):
        assert abs(np.corrcoef(draws[:-lag], draws[lag:])[0, 1]) < 0.02


def test_streams_and_keys_differ():
    streams = [(7, 11, 0), (8, 11, 0), (7, 12, 0), (7, 11, 1)]
    draws = np.empty((len(streams), 4000))
    for row, stream in zip(draws, streams, strict=True):
        fill_normal(row, 1.0, *stream)
    correlation = np.corrcoef(draws) - np.eye(len(streams))
    assert np.abs(correlation).max() < 0.06


def test_a_draw_does_not_depend_on_the_length():
    short, long = np.empty(5), np.empty(50)
    fill_normal(short, 1.0, 1, 2, 3)
    fill_normal(long, 1.0, 1, 2, 3)
    np.testing.assert_array_equal(short, long[:5])


def test_shuffle_permutes_anew_in_each_epoch():
    orders = np.tile(np.arange(101), (3, 1))
    for epoch, order in enumerate(orders):
        shuffle(order, epoch, np.uint32(5), np.uint32(0))
        np.testing.assert_array_equal(np.sort(order), np.arange(101))
    assert len(np.unique(orders, axis=0)) == 3


def test_shuffle_is_uniform():
    counts = np.zeros((6, 6))
    for epoch in range(6000):
        order = np.arange(6)
        shuffle(order, epoch, np.uint32(5), np.uint32(9))
        counts[order, np.arange(6)] += 1
    assert stats.chisquare(counts.ravel(), ddof=10).pvalue > 0.01
