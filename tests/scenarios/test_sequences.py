"""Sequences: what a row says, what its answer is, and how far a linear model gets."""

from itertools import pairwise

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import DataError, load
from gradclinic.scenarios.data.sequences import LETTER, NEXT, REBER
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier


def drawn(name, rows=1000, test=0, **options):
    return load(Dataset(name, rows, 0, test, options=tuple(options.items())), 0)


def accuracy(classifier, split):
    fitted = classifier.fit(split.x_train, split.y_train[:, 0])
    return fitted.score(split.x_test, split.y_test[:, 0])


@pytest.mark.parametrize("length", [4, 20, 100, 150])
def test_adding_sums_the_two_marked_values(length):
    split = drawn("adding", length=length)
    steps = split.x_train.reshape(1000, length, 2)
    values, marks = steps[:, :, 0], steps[:, :, 1]
    assert set(np.unique(marks)) == {0, 1} and (marks.sum(axis=1) == 2).all()
    assert values.min() >= 0 and values.max() < 1
    np.testing.assert_allclose((values * marks).sum(axis=1), split.y_train[:, 0], 1e-6)
    assert (marks[:, : length // 2].sum(axis=1) == 1).all()
    assert marks.sum(axis=0).min() > 0
    assert split.y_train.var() == pytest.approx(1 / 6, abs=0.03)


def test_copying_answers_with_the_symbol_at_the_place_asked_for():
    split = drawn("copying", symbols=5, count=4, delay=7)
    ids, answer = split.x_train.astype(int), split.y_train[:, 0]
    assert ids.shape == (1000, 12) and split.outputs == 5
    assert ids[:, :4].min() == 1 and ids[:, :4].max() == 5
    assert not ids[:, 4:11].any()
    place = ids[:, -1] - 6
    assert set(place) == {0, 1, 2, 3}
    np.testing.assert_array_equal(ids[np.arange(1000), place] - 1, answer)


def test_one_hot_says_the_same_as_ids():
    for name, letters in (("copying", 8), ("grammar", 7)):
        ids, coded = drawn(name).x_train, drawn(name, one_hot=True).x_train
        found = coded.reshape(len(ids), -1, letters)
        assert (found.sum(axis=2) == 1).all()
        np.testing.assert_array_equal(found.argmax(axis=2), ids)


def test_parity_counts_ones_and_no_linear_model_learns_it():
    split = drawn("parity", 2000, 500, length=8)
    np.testing.assert_array_equal(split.x_train.sum(axis=1) % 2, split.y_train[:, 0])
    assert accuracy(LogisticRegression(), split) < 0.62
    assert accuracy(DecisionTreeClassifier(random_state=0), split) > 0.9


def test_copying_needs_the_question_and_the_symbols_together():
    split = drawn("copying", 2000, 500, symbols=3, count=2, delay=3, one_hot=True)
    assert accuracy(LogisticRegression(), split) < 0.8
    assert accuracy(DecisionTreeClassifier(random_state=0), split) > 0.95


def test_letters_follow_rebers_grammar():
    split = drawn("grammar", length=9)
    rows = np.hstack([split.x_train, split.y_train]).astype(int)
    allowed = {
        (a, b)
        for state in range(7)
        for a, to in zip(LETTER[state], NEXT[state], strict=True)
        for b in LETTER[to]
    }
    met = {(a, b) for row in rows for a, b in pairwise(row)}
    assert met == allowed
    words = "".join(REBER[i] for i in rows.ravel())
    assert set(words) == set(REBER) and "EB" in words


def test_the_next_letter_is_known_half_or_whole():
    """With two letters to come a guess is right half of the time, so nothing is 1."""
    split = drawn("grammar", 2000, 1000)
    found = accuracy(DecisionTreeClassifier(max_depth=8, random_state=0), split)
    assert 0.5 < found < 0.75


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("adding", {"length": 1}, "length must be at least 2, not 1"),
        ("copying", {"symbols": 1}, "symbols must be at least 2, not 1"),
        ("copying", {"count": 0}, "count must be at least 1, not 0"),
        ("copying", {"delay": -1}, "delay must be at least 0, not -1"),
        ("parity", {"length": 0}, "length must be at least 1, not 0"),
        ("grammar", {"length": 0}, "length must be at least 1, not 0"),
    ],
)
def test_a_sequence_that_cannot_be_is_refused(name, options, message):
    with pytest.raises(DataError, match=message):
        drawn(name, **options)
