"""Training rows that are changed, and labels that are shares of classes."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.scenarios.data import load
from gradclinic.scenarios.data.augmentation import (
    AUGMENTATIONS,
    COPIES,
    augmented,
    copies,
)
from gradclinic.scenarios.data.table import DataError
from gradclinic.scenarios.trial import Dataset

DIGITS = Dataset("digits", rows=20, validation=9, test=8)
STRENGTHS = {"shifts": 1.0, "jitter": 0.3, "mixup": 0.4, "label_smoothing": 0.1}
STRENGTHS |= {"oversample": 0.5, "undersample": 0.5}
RESAMPLED = ("oversample", "undersample")


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_only_what_is_trained_on_is_changed(name):
    plain = load(DIGITS, 3)
    found = load(replace(DIGITS, augment=((name, STRENGTHS[name]),)), 3)
    for part in ("x_train", "x_val", "x_test"):
        np.testing.assert_array_equal(getattr(found, part), getattr(plain, part))
    assert len(found.x_seen) == len(found.y_seen)
    if name not in RESAMPLED:
        assert len(found.x_seen) == 20 * AUGMENTATIONS[name][1]
    again = load(replace(DIGITS, augment=((name, STRENGTHS[name]),)), 3)
    np.testing.assert_array_equal(found.x_seen, again.x_seen)
    classes = plain.y_train[:, 0].astype(int)
    if AUGMENTATIONS[name][2]:
        assert found.y_train.shape == (20, 10)
        np.testing.assert_array_equal(found.y_train.argmax(axis=1), classes)
        np.testing.assert_allclose(found.y_seen.sum(axis=1), 1, rtol=1e-6)
    else:
        np.testing.assert_array_equal(found.y_train, plain.y_train)


def test_nothing_is_copied_without_need():
    plain = load(DIGITS, 0)
    assert plain.x_seen is plain.x_train and plain.y_seen is plain.y_train


def test_smoothed_labels_are_those_of_the_formula(rng):
    y = np.eye(4)[[0, 2, 3]]
    x, found = augmented((("label_smoothing", 0.2),), np.ones((3, 5)), y, rng)
    np.testing.assert_array_equal(x, np.ones((3, 5)))
    assert found[1] == pytest.approx([0.05, 0.05, 0.85, 0.05])


def test_mixed_rows_lie_between_two(rng):
    """With inputs that are the labels, both must be mixed by the same share."""
    y = np.eye(5)
    x, found = augmented((("mixup", 1.0),), y.copy(), y, rng)
    np.testing.assert_allclose(x, found)
    assert ((found > 1e-9).sum(axis=1) <= 2).all()
    first = np.tile(np.arange(5), COPIES)
    assert (found[np.arange(len(found)), first] > 0).all()


def test_a_shift_by_a_whole_pixel_moves_the_image():
    image = np.zeros((1, 5, 5))
    image[0, 2, 2] = 1.0

    class Always:
        def uniform(self, low, high, size):
            return np.full(size, high)

    x, _ = augmented(
        (("shifts", 1.0),), image.reshape(1, 25), np.ones((1, 1)), Always()
    )
    assert x.shape == (COPIES, 25)
    assert x[0].reshape(5, 5)[3, 3] == pytest.approx(1.0)
    assert x[0].sum() == pytest.approx(1.0)


def test_jitter_has_the_deviation_it_says(rng):
    x, _ = augmented((("jitter", 0.3),), np.zeros((200, 10)), np.zeros((200, 1)), rng)
    assert x.std() == pytest.approx(0.3, rel=0.03)


def test_several_follow_each_other():
    both = (("shifts", 0.5), ("label_smoothing", 0.1))
    assert copies(both) == COPIES
    found = load(replace(DIGITS, augment=both), 0)
    assert len(found.x_seen) == 20 * COPIES
    assert found.y_seen.max() == pytest.approx(0.91)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (replace(DIGITS, augment=(("shift", 1.0),)), "did you mean 'shifts'"),
        (Dataset("wine", 50, 20, 20, augment=(("shifts", 1.0),)), "square images"),
        (Dataset("diabetes", 50, 20, 20, augment=(("mixup", 1.0),)), "numbers"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(data, message):
    with pytest.raises(DataError, match=message):
        load(data, 0)
