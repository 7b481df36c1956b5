"""Drawn digits and MNIST-1D: ranges, options, and what simple classifiers learn."""

import sys
from functools import partial

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import DataError, curves, load
from gradclinic.scenarios.data.strokes import PATHS, distances
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

SIZES = {"rows": 1500, "validation": 0, "test": 500}


def accuracy(classifier, split):
    fitted = classifier.fit(split.x_train, split.y_train[:, 0])
    return fitted.score(split.x_test, split.y_test[:, 0])


def still(**more):
    """Options of glyphs that neither move nor bend nor blur a digit."""
    off = {"shift": 0, "rotation": 0, "zoom": 0, "bend": 0, "noise": 0} | more
    return tuple(sorted(off.items()))


def test_glyphs_are_images_in_mnists_shape_and_range():
    split = load(Dataset("glyphs", **SIZES), 0)
    assert split.x_train.shape == (1500, 784) and split.outputs == 10
    assert split.x_train.min() == 0 and split.x_train.max() == 1
    counts = np.bincount(split.y_train[:, 0].astype(int), minlength=10)
    assert counts.min() > 100


def test_neighbours_and_a_linear_model_read_glyphs():
    split = load(Dataset("glyphs", **SIZES), 0)
    assert accuracy(KNeighborsClassifier(1), split) > 0.7
    assert 0.6 < accuracy(LogisticRegression(max_iter=200), split) < 0.95


def test_glyphs_that_nothing_moves_differ_in_thickness_alone():
    split = load(Dataset("glyphs", 300, 0, 0, options=still()), 0)
    ones = split.x_train[split.y_train[:, 0] == 1].reshape(-1, 28, 28)
    ink = ones.sum(axis=(1, 2))
    mean = (ones * np.arange(28)).sum(axis=(1, 2)) / ink
    assert mean.std() < 0.1 and ink.std() / ink.mean() > 0.1
    assert not ones[:, :3].any() and not ones[:, -3:].any()


def test_what_each_option_of_glyphs_does():
    def ones(**more):
        split = load(Dataset("glyphs", 300, 0, 0, options=still(**more)), 0)
        images = split.x_train[split.y_train[:, 0] == 1]
        return images.reshape(len(images), round(images.shape[1] ** 0.5), -1)

    def places(images, axis):
        weight = images.sum(axis=3 - axis)
        return (weight * np.arange(weight.shape[1])).sum(axis=1) / weight.sum(axis=1)

    assert ones(size=14).shape[1:] == (14, 14)
    assert ones(thickness=4).mean() > 1.5 * ones().mean()
    assert 2.5 < np.abs(places(ones(shift=4), 2) - places(ones(), 2)).max() <= 4.1
    assert places(ones(rotation=40), 2).std() > 3 * places(ones(), 2).std()
    width = [ones(zoom=z).max(axis=2).sum(axis=1).std() for z in (0, 0.4)]
    assert width[1] > 2 * width[0]
    assert np.abs(ones(bend=0.1) - ones()).max() > 0.5
    assert ((ones(noise=0.2) > 0) & (ones() == 0)).any()


def test_distances_from_a_known_path():
    path = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)])
    places = np.array([(0.5, 0.5), (0.5, -0.2), (2.0, 2.0), (-3.0, 4.0)])
    expected = (0.5, 0.2, 2**0.5, 5.0)
    np.testing.assert_allclose(distances(path, places), expected)
    assert all(0 < path.min() and path.max() < 1 for path in PATHS)


def test_templates_of_mnist1d_are_ten_curves_of_twelve_points():
    found = curves.templates()
    assert found.shape == (10, 12)
    np.testing.assert_allclose(found.std(axis=1), 1 / 6)
    np.testing.assert_allclose(found[:, [0, -1]], 0, atol=1e-12)
    apart = np.linalg.norm(found[:, None] - found, axis=2) + 9 * np.eye(10)
    assert apart.min() > 0.2


def test_mnist1d_is_hard_for_a_linear_model_and_easier_for_neighbours():
    split = load(Dataset("mnist1d", 3000, 0, 1000), 0)
    assert split.x_train.shape == (3000, 40) and split.outputs == 10
    both = np.concatenate([split.x_train, split.x_test])
    assert abs(both.mean()) < 0.05 and both.std() == pytest.approx(1, abs=0.05)
    assert 0.15 < accuracy(LogisticRegression(max_iter=500), split) < 0.4
    assert 0.4 < accuracy(KNeighborsClassifier(1), split) < 0.7


def test_shuffled_mnist1d_has_its_points_in_one_fixed_order():
    plain = load(Dataset("mnist1d", 100, 0, 0), 3)
    data = Dataset("mnist1d", 100, 0, 0, options=(("shuffled", True),))
    shuffled = load(data, 3)
    assert not np.array_equal(plain.x_train, shuffled.x_train)
    order = [np.flatnonzero(shuffled.x_train[0] == v)[0] for v in plain.x_train[0]]
    np.testing.assert_array_equal(shuffled.x_train[:, order], plain.x_train)
    assert "fixed random order" in shuffled.about


@pytest.fixture
def original():
    """Rows of the authors' generator, which leaves NumPy's random numbers alone."""
    pytest.importorskip("mnist1d")
    state = np.random.get_state()[1].copy()
    split = load(SAMPLE("mnist1d_original"), 0)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    return split


SAMPLE = partial(
    Dataset, rows=2000, validation=0, test=500, options=(("n_samples", 2500),)
)


def test_the_originals_generator_is_as_hard_as_ours(original):
    ours = load(SAMPLE("mnist1d"), 0)
    for classifier in (LogisticRegression(max_iter=500), KNeighborsClassifier(1)):
        both = [accuracy(classifier, split) for split in (original, ours)]
        assert abs(both[0] - both[1]) < 0.08, both


def test_from_the_originals_templates_ours_draws_the_same_curves(original, monkeypatch):
    """Of each class, mean and spread at each point are the original's."""
    from mnist1d.data import get_templates

    monkeypatch.setattr(curves, "templates", lambda: get_templates()["x"])
    ours = load(SAMPLE("mnist1d"), 0)
    for digit in range(10):
        one, two = (
            split.x_train[split.y_train[:, 0] == digit] for split in (original, ours)
        )
        error = np.sqrt((one.var(axis=0) + two.var(axis=0)) / min(len(one), len(two)))
        assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) / error).max() < 4.5
        ratio = one.std(axis=0) / two.std(axis=0)
        assert 0.7 < ratio.min() and ratio.max() < 1.4


def test_without_its_package_the_original_says_what_to_install(monkeypatch):
    for name in ("mnist1d", "mnist1d.data"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(DataError, match=r"pip install 'gradclinic\[data\]'"):
        load(Dataset("mnist1d_original", 10, 0, 0), 0)
