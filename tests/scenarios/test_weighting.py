"""Weights of training rows: their formulas, and where they go."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.scenarios import Dataset
from gradclinic.scenarios.data import load
from gradclinic.scenarios.data.augmentation import augmented
from gradclinic.scenarios.data.table import DataError
from gradclinic.scenarios.data.weighting import WEIGHTINGS, weights
from sklearn.utils import compute_sample_weight

RARE = Dataset(
    "two_normals",
    rows=300,
    validation=100,
    test=100,
    options=(("n_samples", 6000),),
    selection=(("minority", 0.1),),
)


def test_class_weights_are_scikit_learn_s():
    plain = load(RARE, 1)
    found = load(replace(RARE, weighting=(("class_weights", 1.0),)), 1)
    expected = compute_sample_weight("balanced", plain.y_train[:, 0])
    np.testing.assert_allclose(found.y_seen[:, 1], expected, rtol=1e-6)
    np.testing.assert_array_equal(found.y_seen[:, :1], plain.y_train)
    for part in ("train", "val", "test"):
        np.testing.assert_array_equal(getattr(found, f"y_{part}")[:, 1], 1.0)
        np.testing.assert_array_equal(
            getattr(found, f"x_{part}"), getattr(plain, f"x_{part}")
        )
    assert found.outputs == 2


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_power_zero_weighs_all_alike(name):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 3)), rng.integers(0, 2, (60, 1)).astype(float)
    found = weights(((name, 0.0),), x, y, x + 1)
    np.testing.assert_allclose(found, 1.0)


def test_importance_weights_are_near_the_true_ratio_of_densities():
    """N(0, 1) seen, N(1, 1) new: the ratio is exp(x - 1/2)."""
    rng = np.random.default_rng(1)
    x, new = rng.normal(size=(4000, 1)), rng.normal(1.0, 1.0, (4000, 1))
    found = weights((("density_ratio", 1.0),), x, np.zeros((4000, 1)), new)
    true = np.exp(x[:, 0] - 0.5)
    assert found.mean() == pytest.approx(1.0)
    assert np.corrcoef(np.log(found), x[:, 0])[0, 1] > 0.98
    middle = np.abs(x[:, 0]) < 1.5
    np.testing.assert_allclose(found[middle], true[middle], rtol=0.25)
    # The weighted mean of what was seen is that of the new rows.
    assert np.average(x[:, 0], weights=found) == pytest.approx(1.0, abs=0.15)


def test_what_is_unknown_or_has_no_classes_is_refused():
    x, y = np.zeros((4, 2)), np.zeros((4, 3))
    with pytest.raises(DataError, match="did you mean 'class_weights'"):
        weights((("class_weight", 1.0),), x, y, x)
    with pytest.raises(DataError, match="needs classes"):
        weights((("class_weights", 1.0),), x, y, x)


@pytest.mark.parametrize(
    ("name", "share", "rare", "others"),
    [
        ("oversample", 0.5, 90, 90),
        ("oversample", 0.25, 30, 90),
        ("oversample", 0.05, 10, 90),
        ("undersample", 0.5, 10, 10),
        ("undersample", 0.2, 10, 40),
        ("undersample", 0.01, 10, 90),
    ],
)
def test_resampled_classes_have_their_share(name, share, rare, others):
    y = (np.arange(100) < 10).astype(float)[:, None]
    x = np.arange(100.0)[:, None]
    rng = np.random.default_rng(0)
    seen, classes = augmented(((name, share),), x, y, rng)
    assert ((classes == 1).sum(), (classes == 0).sum()) == (rare, others)
    np.testing.assert_array_equal(classes[:, 0], seen[:, 0] < 10)
    counts = np.unique(seen[seen < 10], return_counts=True)[1]
    assert len(counts) == 10 and np.ptp(counts) <= 1
