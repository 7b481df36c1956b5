"""Random numbers: published vectors, moments, and a fair shuffle."""

import numpy as np
import pytest
from gradclinic.kernels.philox import (
    fill_normal,
    fill_uniform,
    philox,
    shuffle,
    unit,
)
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
