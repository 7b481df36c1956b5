"""Sources, splits, label noise and transforms: seeded, nested, without leaks."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import SOURCES, TRANSFORMS, DataError, load
from hypothesis import given, settings
from hypothesis import strategies as st

SMALL = {"rows": 60, "validation": 30, "test": 30}
# Of files, or of a package that is installed where somebody asks for it.
DRAWN = sorted(set(SOURCES) - {"file", "idx", "mnist1d_original"})
PARTS = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
every_source = pytest.mark.parametrize("name", DRAWN)


def same(a, b, parts=PARTS):
    return all(np.array_equal(getattr(a, p), getattr(b, p)) for p in parts)


@every_source
def test_shapes_and_types(name):
    split = load(Dataset(name, **SMALL), 0)
    for part in PARTS:
        array = getattr(split, part)
        assert array.dtype == np.float32
        assert array.flags.c_contiguous and array.flags.writeable
        assert array.ndim == 2
        assert np.isfinite(array).all()
    assert split.x_train.shape[1] == split.x_test.shape[1]
    assert split.about.endswith(".")
    assert split.outputs >= 1


@every_source
def test_a_seed_is_a_data_set(name):
    data = Dataset(name, **SMALL)
    assert same(load(data, 7), load(data, 7))
    assert not same(load(data, 7), load(data, 8))


@every_source
def test_redrawn_says_whether_seeds_share_rows(name):
    data = Dataset(name, **SMALL)
    rows = [{tuple(r) for r in load(data, seed).x_train} for seed in range(8)]
    shared = any(rows[0] & other for other in rows[1:])
    if name not in ("sparse_parity", "copying", "grammar"):
        assert shared != load(data, 0).redrawn


@pytest.mark.parametrize(
    ("name", "outputs"),
    [("digits", 10), ("wine", 3), ("breast_cancer", 2), ("iris", 3)],
)
def test_classes(name, outputs):
    split = load(Dataset(name, 100, 20, 20), 0)
    assert split.outputs == outputs
    assert set(split.y_train.ravel()) == set(range(outputs))


def test_digits_says_which_file_it_is():
    about = load(Dataset("digits", **SMALL), 0).about
    assert "only the test file of UCI" in about and "1,797" in about


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(["digits", "spirals", "regression", "teacher_student"]),
    rows=st.integers(1, 120),
    factor=st.integers(2, 10),
    held_out=st.tuples(st.integers(0, 80), st.integers(0, 80)),
    seed=st.integers(0, 10_000),
)
def test_splits_are_nested_and_disjoint(name, rows, factor, held_out, seed):
    small = Dataset(name, rows, *held_out)
    few, many = load(small, seed), load(replace(small, rows=factor * rows), seed)
    assert same(few, many, ("x_val", "y_val", "x_test", "y_test"))
    np.testing.assert_array_equal(many.x_train[:rows], few.x_train)
    np.testing.assert_array_equal(many.y_train[:rows], few.y_train)
    if name != "digits":  # no two rows of continuous draws are equal
        together = np.concatenate([many.x_train, many.x_val, many.x_test])
        together = together[together.any(axis=1)]  # where all spirals begin
        assert len(np.unique(together, axis=0)) == len(together)


@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.0, 0.9), seed=st.integers(0, 1000))
def test_label_noise_is_nested_and_spares_the_test_labels(share, seed):
    clean = Dataset("digits", 1000, 400, 100)
    noisy = replace(clean, label_noise=share)
    a, b = load(clean, seed), load(noisy, seed)
    assert same(a, b, ("x_train", "x_val", "x_test", "y_test"))
    assert abs((a.y_train != b.y_train).mean() - share) < 5 * np.sqrt(0.25 / 1000)
    assert abs((a.y_val != b.y_val).mean() - share) < 5 * np.sqrt(0.25 / 400)
    assert b.y_train.min() >= 0 and b.y_train.max() < 10
    few = load(replace(noisy, rows=100), seed)
    np.testing.assert_array_equal(few.y_train, b.y_train[:100])


def test_standardise_and_min_max_are_fitted_on_training_rows_only():
    data = Dataset("wine", **SMALL, transforms=(("standardise", 0),))
    split = load(data, 0)
    np.testing.assert_allclose(split.x_train.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(split.x_train.std(axis=0), 1, atol=1e-5)
    assert abs(split.x_test.mean(axis=0)).max() > 1e-2
    split = load(replace(data, transforms=(("min_max", 0),)), 0)
    assert split.x_train.min() == 0 and split.x_train.max() == 1
    assert split.x_test.min() < 0 or split.x_test.max() > 1


@pytest.mark.parametrize("transform", ["standardise", "min_max", "pca"])
def test_held_out_rows_do_not_move_a_transform(transform):
    """The same training rows with other held-out rows give the same features."""
    argument = 3 if transform == "pca" else 0
    few = Dataset("wine", 60, 30, 30, transforms=((transform, argument),))
    raw = load(replace(few, transforms=()), 0)
    fitted = TRANSFORMS[transform](argument).fit(raw.x_train.astype(np.float64))
    expected = fitted.transform(raw.x_test.astype(np.float64))
    np.testing.assert_allclose(load(few, 0).x_test, expected, rtol=1e-3, atol=1e-3)


def test_pca_polynomial_and_scaling_do_what_their_names_say():
    data = Dataset("digits", **SMALL)
    raw = load(data, 0).x_train
    pca = load(replace(data, transforms=(("pca", 5),)), 0).x_train
    assert pca.shape == (60, 5)
    assert (np.diff(pca.var(axis=0)) <= 1e-4).all()
    scaled = load(replace(data, transforms=(("badly_scaled", 100),)), 0).x_train
    np.testing.assert_allclose(scaled, raw * np.geomspace(1, 100, 64), rtol=1e-5)
    moons = Dataset("moons", **SMALL, transforms=(("polynomial", 3),))
    assert load(moons, 0).x_train.shape == (60, 9)


def test_permuted_moves_columns_the_same_way_for_every_seed():
    data = Dataset("digits", **SMALL)
    moved = replace(data, transforms=(("permuted", 3),))
    for seed in (0, 5):
        raw, other = load(data, seed), load(moved, seed)
        order = np.random.RandomState(3).permutation(64)
        assert (order != np.arange(64)).any()
        np.testing.assert_array_equal(other.x_train, raw.x_train[:, order])
        np.testing.assert_array_equal(other.x_test, raw.x_test[:, order])


def test_spirals_are_those_of_cs231n():
    data = Dataset("spirals", 300, 0, 0, options=(("noise", 0.2), ("n_samples", 300)))
    split = load(data, 0)
    assert split.x_val.shape == (0, 2) and split.outputs == 3
    assert (np.bincount(split.y_train.ravel().astype(int)) == 100).all()
    radius = np.sort(np.linalg.norm(split.x_train, axis=1))
    np.testing.assert_allclose(radius, np.linspace(0, 1, 100).repeat(3), atol=1e-6)


def test_parity_is_the_product_of_the_first_signs():
    split = load(Dataset("sparse_parity", options=(("k", 3), ("n", 10))), 0)
    assert split.x_train.shape[1] == 10
    positive = split.x_train[:, :3].prod(axis=1) > 0
    np.testing.assert_array_equal(split.y_train[:, 0], positive)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (Dataset("digts"), "did you mean 'digits'?"),
        (Dataset("iris"), "iris has 150 rows, too few for 256 training, 256 valid"),
        (Dataset("wine", 0, 5, 5), "at least 1 training row, not 0"),
        (Dataset("moons", 9, 5, 5, options=(("nose", 1),)), "'nose'"),
        (Dataset("spirals", 9, 5, 5, options=(("nose", 1),)), "'nose'"),
        (Dataset("wine", 9, 5, 5, transforms=(("pac", 1),)), "did you mean 'pca'?"),
        (Dataset("wine", 9, 5, 5, transforms=(("pca", 99),)), r"pca\(99\): n_comp"),
        (Dataset("diabetes", 9, 5, 5, label_noise=0.1), "label noise needs classes"),
        (Dataset("file", 9, 5, 5), "'path'"),
    ],
)
def test_data_that_cannot_be_used_is_one_sentence(data, message):
    with pytest.raises(DataError, match=message.replace("?", r"\?")) as caught:
        load(data, 0)
    assert "\n" not in str(caught.value)
