"""Balanced accuracy, the moved threshold, weights on their way, and domains."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution.domains import domain_auc, domain_values
from gradclinic.bench.execution.network import network
from gradclinic.bench.execution.recognition import recognised, with_threshold
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
from gradclinic.kernels import train
from gradclinic.scenarios import Dataset, Trial
from gradclinic.scenarios.data import load
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import balanced_accuracy_score, recall_score

CLASSES = SimpleNamespace(target_kind="class", outputs=3)
RARE = Dataset(
    "two_normals",
    rows=400,
    validation=200,
    test=200,
    options=(("n_samples", 9000),),
    selection=(("minority", 0.1),),
)
TRIAL = Trial(RARE, hidden=(4,), lr=0.01, epochs=3)


def run(trial, seed=1):
    return run_training(Task(Condition("s", "f", "fix", trial), (seed,), "train"), 1)[0]


@given(
    arrays(np.float32, (30, 3), elements=st.floats(-2, 2, width=32)),
    arrays(np.int64, 30, elements=st.integers(0, 2)),
)
@settings(max_examples=50, deadline=None)
def test_balanced_accuracy_is_scikit_learn_s(z, y):
    found = recognised(CLASSES, z, y[:, None].astype(np.float32))
    said = z.argmax(axis=1)
    recalls = recall_score(y, said, labels=np.unique(y), average=None, zero_division=0)
    assert found["balanced"] == pytest.approx(np.mean(recalls))
    assert found["least_recall"] == pytest.approx(min(recalls))
    rows = [np.sum(y == c) for c in np.unique(y)]
    rarest = min(n for n, r in zip(rows, recalls, strict=True) if r == min(recalls))
    assert found["least_share"] == pytest.approx(rarest / (len(y) / len(rows)))
    if len(set(y)) > 1 and set(said) <= set(y):
        assert found["balanced"] == pytest.approx(balanced_accuracy_score(y, said))


def test_numbers_have_no_classes():
    values = SimpleNamespace(target_kind="value", outputs=1)
    assert recognised(values, np.ones((3, 1)), np.ones((3, 1))) == {}


@given(
    arrays(np.float64, 20, elements=st.integers(-3, 3).map(float)),
    arrays(np.bool_, 20),
)
@settings(max_examples=80, deadline=None)
def test_no_other_threshold_is_better_on_these_rows(margin, second):
    """All cuts between distinct margins, and below all, are tried by hand."""
    y = second.astype(float)[:, None]

    def predict(rows):
        return np.column_stack([np.zeros(len(rows)), rows[:, 0]])

    moved = with_threshold(predict, margin[:, None], y)(margin[:, None])
    if second.all() or not second.any() or len(set(margin)) == 1:
        return

    def score(said):
        return (said[second].mean() + (~said[~second]).mean()) / 2

    cuts = [*sorted(set(margin))][:-1]
    best = max(score(margin > cut) for cut in cuts)
    assert score(moved[:, 1] > moved[:, 0]) == pytest.approx(best)


def test_a_threshold_parts_two_classes():
    with pytest.raises(ValueError, match="parts two classes, and the network has 3"):
        with_threshold(
            lambda x: np.zeros((len(x), 3)), np.ones((4, 1)), np.ones((4, 1))
        )


def test_a_moved_threshold_recognises_more_of_the_rare_class():
    plain, moved = run(TRIAL), run(replace(TRIAL, decision="balanced"))
    assert moved.values["val_balanced"] > plain.values["val_balanced"] + 0.1
    assert moved.values["test_balanced"] > plain.values["test_balanced"]
    assert moved.values["test_metric"] < plain.values["test_metric"]
    assert moved.curves["val_loss"] == plain.curves["val_loss"]


def test_weights_of_a_population_are_those_of_a_training():
    trial = replace(TRIAL, data=replace(RARE, weighting=(("class_weights", 1.0),)))
    rows, plain = load(trial.data, 1), load(RARE, 1)
    net = network(TRIAL, plain)
    params = net.init(1)
    weights = rows.y_seen[:, 1]
    history = train(
        net,
        params,
        plain.x_train,
        plain.y_train,
        optimizer="adam",
        lr=0.01,
        batch_size=32,
        epochs=3,
        seed=1,
        threads=1,
        sample_weight=weights,
    )
    found = run(trial)
    np.testing.assert_allclose(
        found.curves["train_loss"], history.train_loss, rtol=1e-5
    )
    loss, accuracy = net.evaluate(params, plain.x_test, plain.y_test)
    assert found.values["test_loss"] == pytest.approx(loss, rel=1e-5)
    assert found.values["test_metric"] == pytest.approx(accuracy)


def test_what_answers_otherwise_is_refused():
    with pytest.raises(ValueError, match="decision must be 'likeliest' or 'balanced'"):
        replace(TRIAL, decision="guess")


def test_an_auc_of_alike_and_of_moved_inputs():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 4))
    assert domain_auc(x, rng.normal(size=(300, 4))) == pytest.approx(0.5, abs=0.08)
    assert domain_auc(x, x[::-1] + np.eye(4)[0] * 2) > 0.85
    # A spread that differs is seen by squares.
    assert domain_auc(x, 3 * rng.normal(size=(300, 4))) > 0.9


def test_only_declared_shifts_are_measured():
    assert domain_values(RARE, 0) == {}
    data = Dataset("bent", 200, 100, 100, selection=(("shift", 2.0),))
    assert domain_values(data, 0)["domain_auc"] > 0.9
