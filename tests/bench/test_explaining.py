"""How good an explanation is, and what a trial that asks for one leaves behind."""

from dataclasses import asdict, replace

import numpy as np
import pytest
from gradclinic.bench.execution.explaining import against_truth, fitted, is_readable
from gradclinic.bench.execution.faithfulness import POINTS, faithfulness
from gradclinic.bench.execution.pricing import run_pricing
from gradclinic.bench.execution.task import Condition, Task, declared
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies.diagnose.remedies import _prescribable
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data import load
from gradclinic.scenarios.data.sources import classes_first
from gradclinic.scenarios.trial import Dataset, Trial

KNOWN = Dataset("friedman1", rows=60, validation=40, test=40)
TRIAL = Trial(
    KNOWN, hidden=(8,), loss="mse", epochs=2, explanation="first_layer_weights"
)


def run_of(trial, seeds=(0, 1)):
    return run_training(Task(Condition("s", "f", "fix", trial), seeds, "train"), 1)


def test_the_order_is_held_against_the_truth():
    right = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    assert against_truth(right, 2) == {"informative_auc": 1.0, "precision_at_k": 1.0}
    wrong = against_truth(-right, 2)
    assert wrong == {"informative_auc": 0.0, "precision_at_k": 0.0}


def test_among_equal_importances_each_is_as_likely_to_be_first():
    nothing = against_truth(np.zeros(10), 5)
    assert nothing == {"informative_auc": 0.5, "precision_at_k": 0.5}
    some = against_truth(np.array([1.0, 0.0, 0.0, 0.0]), 2)
    assert some["precision_at_k"] == pytest.approx((1 + 1 / 3) / 2)


def test_a_faithful_order_loses_at_once_and_gains_at_once():
    x = np.random.default_rng(0).normal(size=(50, 4))

    def score(rows):  # only input 0 is read
        return (rows[:, :, 0] == x[:, 0]).mean(axis=1)

    best = faithfulness(score, x, np.array([3.0, 2, 1, 0]), np.zeros(4))
    assert best.deletion.tolist() == [1, 0, 0, 0, 0]
    assert best.insertion.tolist() == [0, 1, 1, 1, 1]
    assert best.areas == (0.125, 0.875) and best.gain == 0.75
    worst = faithfulness(score, x, np.array([0.0, 1, 2, 3]), np.zeros(4))
    assert worst.gain == -best.gain


def test_of_many_inputs_few_points_are_computed():
    x = np.zeros((3, 100))
    seen = faithfulness(lambda rows: rows.mean(axis=(1, 2)), x, np.ones(100), x[0])
    assert len(seen.share) == POINTS and seen.share[[0, -1]].tolist() == [0, 1]


def test_a_run_keeps_its_explanation():
    for run in run_of(TRIAL):
        assert 0 <= run.values["precision_at_k"] <= 1
        assert 0 <= run.values["informative_auc"] <= 1
        assert "surrogate_agreement" not in run.values
        gap = run.values["insertion"] - run.values["deletion"]
        assert run.values["test_faithfulness"] == pytest.approx(gap)
        assert len(run.curves["importance"]) == 10
        assert sum(map(abs, run.curves["importance"])) == pytest.approx(1)
        assert len(run.curves["moved"]) == len(run.curves["deletion"])


def test_without_a_truth_a_tree_is_asked():
    iris = Dataset("iris", rows=60, validation=40, test=40)
    (run, *_) = run_of(replace(TRIAL, data=iris, loss="cross_entropy"))
    assert "precision_at_k" not in run.values
    assert 0 <= run.values["surrogate_agreement"] <= 1
    assert run.values["val_faithfulness"] is not None


def test_the_same_network_is_explained():
    """Post-hoc explanations change no prediction: the guardrail cannot be gamed."""
    other = replace(TRIAL, explanation="integrated_gradients")
    for one, two in zip(run_of(TRIAL), run_of(other), strict=True):
        assert one.values["test_loss"] == two.values["test_loss"]
        assert one.curves["importance"] != two.curves["importance"]


def test_members_are_explained_one_by_one_and_averaged():
    (alone, _), (several, _) = run_of(TRIAL), run_of(replace(TRIAL, members=3))
    assert alone.curves["importance"] != several.curves["importance"]
    assert sum(several.curves["importance"]) == pytest.approx(1)


def test_a_model_takes_the_network_s_place():
    trial = replace(
        TRIAL, explanation="small_tree", explanation_options=(("depth", 2),)
    )
    assert is_readable(trial) and not is_readable(TRIAL)
    rows = load(KNOWN, 0)
    out = fitted(trial, rows, 0).predict(rows.x_test)
    assert len(np.unique(out)) <= 4
    for run in run_of(trial):
        assert run.values["epochs"] == 1 and run.values["test_metric"] < 1
        assert "val_loss" not in run.curves and run.curves["importance"]
    with pytest.raises(ValueError, match="no model that takes a network's place"):
        fitted(TRIAL, rows, 0)
    with pytest.raises(ValueError, match="asks for no explanation"):
        fitted(replace(TRIAL, explanation=None), rows, 0)


def test_a_diverged_network_is_not_explained():
    for run in run_of(replace(TRIAL, lr=1e30, optimizer="sgd", hyper=())):
        assert run.status == "diverged"
        assert "precision_at_k" not in run.values


def test_the_price_has_the_explanation_in_it():
    permuted = replace(TRIAL, explanation="permutation")
    tree = replace(TRIAL, explanation="small_tree")
    plain = replace(TRIAL, explanation=None)
    tasks = [
        Task(Condition("s", str(k), "price", trial), (0,), "price")
        for k, trial in enumerate((permuted, tree, plain))
    ]
    timed, fit, without = run_pricing(tasks)
    assert len(timed.curves["explanation_seconds"]) == len(
        timed.curves["seconds_per_epoch"]
    )
    assert all(s > 0 for s in timed.curves["explanation_seconds"])
    assert "explanation_seconds" not in fit.curves | without.curves
    seconds = [run.curves["seconds_per_epoch"] for run in (timed, fit, without)]
    assert seconds[0] == seconds[2] != seconds[1]  # one training, explained or not


def test_a_model_in_the_network_s_place_holds_its_rows_and_its_fit():
    tree = replace(TRIAL, explanation="small_tree")
    for run in run_of(tree):
        assert "predicted_bytes" not in run.values
        assert run.bytes == run.values["peak_bytes"] > 60 * 10 * 4


def test_keys_of_trials_without_explanation_are_what_they_were():
    plain = replace(TRIAL, explanation=None)
    left_out = set(asdict(plain)) - set(declared(plain))
    assert {"explanation", "explanation_options"} <= left_out
    assert declared(TRIAL)["explanation"] == "first_layer_weights"
    tree = replace(TRIAL, explanation="small_tree", explanation_options=(("depth", 2),))
    assert {"explanation", "explanation_options"} <= set(declared(tree))


def test_a_diagnosis_never_prescribes_an_explanation():
    fixes = SCENARIOS["poor_interpretability"].fixes
    baseline = SCENARIOS["poor_interpretability"].baseline
    assert not any(_prescribable(fix.treated(baseline)) for fix in fixes)
    assert _prescribable(Trial(KNOWN))


def test_which_columns_come_first_is_known_where_they_are_not_shuffled():
    assert classes_first({"n_informative": 5}) is None
    unshuffled = {"shuffle": False, "n_informative": 5, "n_redundant": 1}
    assert classes_first(unshuffled) == 6
    assert classes_first(unshuffled | {"n_repeated": 3}) == 9
