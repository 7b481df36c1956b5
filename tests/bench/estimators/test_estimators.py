"""The estimators: scikit-learn's own checks, and what they leave open."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from gradclinic.bench import GradClinicClassifier, GradClinicRegressor
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_wine,
    make_multilabel_classification,
)
from sklearn.exceptions import ConvergenceWarning, DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

BOTH = (GradClinicClassifier, GradClinicRegressor)


@pytest.mark.filterwarnings("ignore:The training had not converged")
@parametrize_with_checks([GradClinicClassifier(), GradClinicRegressor()])
def test_scikit_learns_checks(estimator, check):
    """All of them: none is declared as failing or skipped."""
    check(estimator)


def test_the_check_of_array_types_too():
    """scikit-learn leaves it out unless a variable is set before scipy is imported."""
    script = (
        "import warnings\n"
        "from gradclinic import GradClinicClassifier, GradClinicRegressor\n"
        "from sklearn.utils.estimator_checks import estimator_checks_generator\n"
        "warnings.simplefilter('ignore')\n"
        "for estimator in (GradClinicClassifier(), GradClinicRegressor()):\n"
        "    for estimator, check in estimator_checks_generator(estimator):\n"
        "        if 'array_api' in str(check):\n"
        "            check(estimator)\n"
        "            print('passed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"SCIPY_ARRAY_API": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout == "passed\n" * 2, done.stderr


def wine(labels=False):
    x, y = load_wine(return_X_y=True)
    names = np.array(["barolo", "grignolino", "barbera"])
    return StandardScaler().fit_transform(x), names[y] if labels else y


def quick(kind=GradClinicClassifier, **more):
    how = {"max_iter": 30, "tol": None, "random_state": 0, "learning_rate_init": 0.01}
    return kind(**(how | more))


def test_labels_may_be_words():
    x, y = wine(labels=True)
    model = quick().fit(x, y)
    assert model.score(x, y) > 0.95
    assert set(model.predict(x)) <= set(model.classes_) == set(y)
    shares = model.predict_proba(x)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert (model.classes_[shares.argmax(axis=1)] == model.predict(x)).all()
    np.testing.assert_allclose(np.exp(model.predict_log_proba(x)), shares)


def test_two_classes_have_one_output():
    x, y = load_breast_cancer(return_X_y=True)
    x = StandardScaler().fit_transform(x)
    model = quick().fit(x, y == 1)
    assert model.n_outputs_ == 1 and model.classes_.tolist() == [False, True]
    assert model.score(x, y == 1) > 0.95
    assert model.predict_proba(x).shape == (len(x), 2)


def test_several_labels_a_row():
    x, y = make_multilabel_classification(200, 8, n_classes=3, random_state=0)
    model = quick().fit(x, y)
    assert model.predict(x).shape == model.predict_proba(x).shape == y.shape
    assert (model.predict(x) == y).mean() > 0.8
    model.partial_fit(x, y)
    with pytest.raises(ValueError, match="y has 2 labels a row, and had 3"):
        model.partial_fit(x, y[:, :2])


def test_several_targets_a_row():
    x, y = load_diabetes(return_X_y=True)
    both = StandardScaler().fit_transform(np.column_stack([y, x[:, 0]]))
    model = quick(GradClinicRegressor).fit(x, both)
    assert model.predict(x).shape == both.shape and model.score(x, both) > 0.4


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_rows_decide_on_the_dtype(dtype):
    x, y = wine()
    model = quick(max_iter=2).fit(x.astype(dtype), y)
    assert model.params_.dtype == dtype
    assert model.predict_proba(x.astype(dtype)).dtype == dtype
    assert model.coefs_[0].shape == (13, 100) and model.intercepts_[1].shape == (3,)


def test_a_seed_gives_the_same_network():
    x, y = wine()
    first, again, other = (
        quick(max_iter=3, random_state=s).fit(x, y) for s in (5, 5, 6)
    )
    assert np.array_equal(first.params_, again.params_)
    assert not np.array_equal(first.params_, other.params_)


@pytest.mark.parametrize("kind", BOTH)
def test_weights_of_batches_are_unbiased(kind):
    """Rows that weigh nothing change nothing, whatever they hold."""
    x, y = wine()
    junk = np.vstack([x, 100 + x[:20]])
    wrong = np.concatenate([y, 2 - y[:20]])
    weights = np.concatenate([np.linspace(0.5, 2, len(x)), np.zeros(20)])
    plain = quick(kind, batch_size=16).fit(x, y, weights[: len(x)])
    beside = quick(kind, batch_size=16).fit(junk, wrong, weights)
    np.testing.assert_array_equal(plain.params_, beside.params_)


def test_class_weight_balances():
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(0, 1, (400, 2)), rng.normal(1.2, 1, (40, 2))])
    y = np.repeat([0, 1], [400, 40])
    shares = [
        (quick(class_weight=w, max_iter=60).fit(x, y).predict(x) == 1)[y == 1].mean()
        for w in (None, "balanced")
    ]
    assert shares[1] > shares[0] + 0.2


def test_early_stopping_keeps_the_best_epoch():
    x, y = load_digits(return_X_y=True)
    model = quick(early_stopping=True, max_iter=200, n_iter_no_change=4).fit(x / 16, y)
    curve = np.array(model.validation_loss_curve_)
    assert model.status_ == "stopped_early" and model.n_iter_ == len(curve) < 200
    assert curve.argmin() == len(curve) - 6  # more than four epochs were no better
    assert quick(max_iter=2).fit(x, y).validation_loss_curve_ is None


def test_training_ends_where_the_loss_is_no_better():
    x, y = wine()
    model = quick(max_iter=2000, tol=1e-3).fit(x, y)
    assert model.status_ == "stopped_early" and model.n_iter_ < 2000
    with pytest.warns(ConvergenceWarning, match="after max_iter=2 epochs"):
        quick(max_iter=2, tol=1e-4).fit(x, y)


def test_warm_start_goes_on_from_the_parameters():
    x, y = wine()
    model = quick(warm_start=True, max_iter=5).fit(x, y)
    first = model.loss_
    model.fit(x, y)
    assert model.loss_ < first and model.n_iter_ == 10 == len(model.loss_curve_)
    fresh = quick(max_iter=5).fit(x, y)
    assert fresh.fit(x, y).n_iter_ == 5


def test_partial_fit_goes_on_with_the_solver():
    """As one training of so many epochs: the first steps of Adam come once."""
    x, y = wine()
    model = quick(batch_size=len(x))
    with pytest.raises(ValueError, match="classes must be passed"):
        model.partial_fit(x, y)
    for _ in range(30):
        model.partial_fit(x, y, classes=[0, 1, 2])
    whole = quick(batch_size=len(x)).fit(x, y)
    np.testing.assert_allclose(model.params_, whole.params_, rtol=1e-6, atol=1e-9)
    assert model.n_iter_ == 30
    with pytest.raises(ValueError, match="not those of the first call"):
        model.partial_fit(x, y, classes=[0, 1])
    with pytest.raises(ValueError, match="the class 7"):
        model.partial_fit(x, np.full(len(x), 7))
    with pytest.raises(ValueError, match="early_stopping=False"):
        model.set_params(early_stopping=True).partial_fit(x, y)
    assert not hasattr(GradClinicClassifier(solver="lbfgs"), "partial_fit")


def test_partial_fit_sees_a_class_later():
    x, y = wine(labels=True)
    model = quick()
    for label in [*np.unique(y)] * 20:
        model.partial_fit(x[y == label], y[y == label], classes=np.unique(y))
    assert model.n_iter_ == 60 and list(model.classes_) == sorted(set(y))


@pytest.mark.parametrize("solver", ["lbfgs", "nesterov", "lion", "schedule_free_adamw"])
def test_other_solvers(solver):
    x, y = wine()
    rate = {"lion": 1e-3}.get(solver)
    model = quick(solver=solver, learning_rate_init=rate, max_iter=60).fit(x, y)
    assert model.score(x, y) > 0.95


def test_parameters_reach_the_training():
    x, y = wine()
    base = quick(max_iter=3).fit(x, y)
    for more in (
        {"alpha": 10.0},
        {"alpha": 10.0, "l1_ratio": 0.5},
        {"dropout": 0.5},
        {"initialiser": "he_normal"},
        {"clip_norm": 0.01},
        {"learning_rate": "cosine"},
        {"solver_options": {"beta1": 0.1}},
        {"activation": "logistic"},
        {"batch_size": 7},
        {"learning_rate": "step", "learning_rate_options": {"gamma": 0.1}},
    ):
        other = quick(max_iter=3, **more).fit(x, y)
        same = other.params_.shape == base.params_.shape
        assert not (same and np.allclose(other.params_, base.params_)), more
    assert not np.allclose(
        quick(GradClinicRegressor).fit(x, 5.0 * y).params_,
        quick(GradClinicRegressor, loss="huber").fit(x, 5.0 * y).params_,
    )
    small = quick(alpha=1000.0, l1_ratio=1.0).fit(x, y)
    assert np.abs(small.coefs_[0]).mean() < 0.5 * np.abs(base.coefs_[0]).mean()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"activation": "rleu"}, "did you mean 'relu'"),
        ({"solver": "adm"}, "unknown solver"),
        ({"initialiser": "he"}, "unknown initialiser"),
        ({"hidden_layer_sizes": (0,)}, "at least 1"),
        ({"alpha": -1}, "alpha must be at least 0"),
        ({"validation_fraction": 1.0}, "validation_fraction"),
        ({"batch_size": 0}, "batch_size must be at least 1"),
        ({"max_iter": 1.5}, "max_iter must be a whole number"),
        ({"solver_options": {"lr": 1.0}}, "must leave 'lr'"),
        ({"solver_options": {"bet": 1.0}}, "unknown option"),
        ({"learning_rate": "cosin"}, "unknown schedule"),
        ({"early_stopping": "yes"}, "early_stopping must be True or False"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(parameters, said):
    x, y = wine()
    with pytest.raises((ValueError, TypeError), match=said) as error:
        GradClinicClassifier(**parameters).fit(x, y)
    assert "\n" not in str(error.value)


def test_data_that_cannot_be():
    x, y = wine()
    with pytest.raises(ValueError, match="at least two classes; y holds one class"):
        quick().fit(x, np.zeros(len(x)))
    with pytest.raises(ValueError, match="at least one non-zero"):
        quick().fit(x, y, np.zeros(len(x)))
    with pytest.raises(NotFittedError):
        quick().predict(x)
    with pytest.warns(DataConversionWarning):
        quick(max_iter=1).fit(x, y[:, None])


def test_a_divergence_is_an_error_or_a_warning():
    x, y = load_diabetes(return_X_y=True)
    far = {"solver": "sgd", "learning_rate_init": 10.0}
    with pytest.raises(ValueError, match="diverged") as error:
        quick(GradClinicRegressor, **far).fit(1000 * x, y)
    assert "lower learning_rate_init" in str(error.value)


@pytest.mark.parametrize("kind", BOTH)
def test_pickles_and_clones(kind):
    x, y = wine()
    model = quick(kind, max_iter=3).fit(x, y)
    back = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(back.predict(x), model.predict(x))
    back.set_params(warm_start=True).fit(x, y)
    assert not hasattr(clone(model), "params_")
    half = quick(kind, max_iter=3)
    for part in range(2):
        more = {"classes": [0, 1, 2]} if kind is GradClinicClassifier else {}
        half = pickle.loads(pickle.dumps(half)).partial_fit(x, y, **more)
        assert half.n_iter_ == part + 1


def test_pipelines_searches_and_calibration():
    x, y = load_wine(return_X_y=True)
    pipe = make_pipeline(StandardScaler(), quick(max_iter=15))
    assert cross_val_score(pipe, x, y, cv=3).mean() > 0.9
    grid = {"gradclinicclassifier__hidden_layer_sizes": [(2,), (30,)]}
    search = GridSearchCV(pipe, grid, cv=3, n_jobs=1).fit(x, y)
    assert search.best_params_ == {"gradclinicclassifier__hidden_layer_sizes": (30,)}
    assert CalibratedClassifierCV(pipe, cv=3).fit(x, y).score(x, y) > 0.9


def test_new_rows_of_digits_are_told():
    x, y = load_digits(return_X_y=True)
    parts = train_test_split(x / 16, y, random_state=0)
    model = quick(max_iter=40).fit(parts[0], parts[2])
    assert model.score(parts[1], parts[3]) > 0.95
