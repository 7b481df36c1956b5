"""A training task gives records: true values, the same for any number of threads."""

from dataclasses import replace
from math import inf, isnan

import numpy as np
import pytest
from gradclinic.bench.execution.network import network, options, training_seed
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import (
    CURVE_POINTS,
    progress_values,
    run_training,
    thinned,
)
from gradclinic.kernels import train
from gradclinic.scenarios import Dataset, Trial
from gradclinic.scenarios.data import load

DIGITS = Dataset("digits", rows=64, validation=32, test=32)
TRIAL = Trial(DIGITS, hidden=(8,), epochs=3, lr=0.01, target=2.0)


def records(trial, seeds=(0, 1, 2), threads=2):
    return run_training(
        Task(Condition("s", "f", "fix", trial), seeds, "train"), threads
    )


def test_one_record_a_seed_with_the_values_a_verdict_needs():
    runs = records(TRIAL)
    assert [run.seed for run in runs] == [0, 1, 2]
    assert {run.status for run in runs} == {"ok"}
    wanted = {"train_loss", "val_loss", "test_loss", "test_metric", "best_val_loss"}
    wanted |= {
        "evaluations_to_target",
        "steps_to_target",
        "predicted_bytes",
        "late_drop",
    }
    assert wanted <= set(runs[0].values)
    assert runs[0].curves["epoch"] == [1, 2, 3]


@pytest.mark.parametrize("threads", [1, 2])
def test_values_do_not_depend_on_threads_or_company(threads):
    def plain(run):
        timeless = {k: v for k, v in run.values.items() if k != "seconds"}
        return run.key, run.status, timeless, run.curves

    alone = [plain(records(TRIAL, (seed,), 1)[0]) for seed in (0, 1, 2)]
    assert [plain(run) for run in records(TRIAL, threads=threads)] == alone


def test_values_are_those_of_a_network_trained_by_hand():
    trial, seed = replace(TRIAL, optimizer="momentum", l2=0.01, dropout=0.2), 4
    split = load(trial.data, seed)
    net = network(trial, split)
    params = net.init(training_seed(trial, seed))
    validation = (split.x_val, split.y_val)
    train(
        net,
        params,
        split.x_train,
        split.y_train,
        lr=trial.lr,
        seed=training_seed(trial, seed),
        validation=validation,
        **options(trial),
    )
    loss, accuracy = net.evaluate(params, split.x_test, split.y_test)
    run = records(trial, (seed,))[0]
    assert run.values["test_loss"] == pytest.approx(loss, rel=1e-6)
    assert run.values["test_metric"] == pytest.approx(accuracy)
    guesses = net.predict(params, split.x_test).argmax(axis=1)
    assert accuracy == pytest.approx((guesses == split.y_test[:, 0]).mean())


def test_restart_keeps_the_data_and_draws_a_new_start():
    again = replace(TRIAL, restart=1)
    assert training_seed(again, 7) != training_seed(TRIAL, 7)
    assert (
        records(again)[0].values["train_loss"] != records(TRIAL)[0].values["train_loss"]
    )


def test_divergence_is_a_status():
    trial = replace(TRIAL, optimizer="gradient_descent", lr=1e6, reduction="sum")
    assert {run.status for run in records(trial)} == {"diverged"}


def curves(val):
    return {"train_loss": np.array(val, dtype=float), "val_loss": np.array(val, float)}


@pytest.mark.parametrize(
    ("val", "passes"),
    [([3, 2, 1], 2.0), ([1, 5, 5], 1.0), ([9, 9, 9], np.inf), ([np.nan, 9, 2], 3.0)],
)
def test_passes_to_the_target(val, passes):
    found = progress_values(TRIAL, curves(val), rows=64)
    assert found["evaluations_to_target"] == passes
    assert found["steps_to_target"] == passes * 2  # 64 rows in batches of 32


def test_long_curves_are_thinned_with_both_ends_kept():
    short = thinned(curves(range(10_000)))
    assert len(short["epoch"]) <= CURVE_POINTS
    assert (short["epoch"][0], short["epoch"][-1]) == (1, 10_000)
    assert short["val_loss"][-1] == 9_999


LOSS = np.array([8.0 * 0.9**k for k in range(30)])


@pytest.mark.parametrize(
    ("reached", "start", "end"),
    [
        (20, 9, 19),  # the ten passes before the one that reaches it
        (5, 0, 4),  # fewer than ten from the first
        (None, 19, 29),  # missed: the last ten
    ],
)
def test_what_the_curves_say_of_a_target_reached_midway(reached, start, end):
    trial = replace(TRIAL, target=1.0, batch_size=32)
    val = np.full(30, 2.0)
    if reached:
        val[reached - 1] = 0.5
    found = progress_values(trial, {"train_loss": LOSS, "val_loss": val}, rows=100)
    passes = reached or inf
    assert found["evaluations_to_target"] == passes
    assert found["steps_to_target"] == 4 * passes
    assert found["late_drop"] == pytest.approx(1 - LOSS[end] / LOSS[start])
    assert (found["first_loss"], found["final_loss"]) == (LOSS[0], LOSS[-1])
    assert found["best_val_loss"] == (0.5 if reached else 2.0)


def test_a_target_reached_at_once_has_no_way_to_fall():
    trial = replace(TRIAL, target=3.0)
    curves = {"train_loss": LOSS, "val_loss": np.full(30, 2.0)}
    found = progress_values(trial, curves, rows=100)
    assert found["evaluations_to_target"] == 1 and isnan(found["late_drop"])
    without = progress_values(replace(TRIAL, target=None), curves, rows=100)
    assert "late_drop" not in without and without["best_val_loss"] == 2.0


LINEAR = Trial(
    Dataset("diabetes", rows=40, validation=10, test=10),
    hidden=(),
    loss="mse",
    optimizer="gradient_descent",
    lr=0.03,
    epochs=2,
)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_largest_curvature_of_a_regression_is_that_of_its_hessian(reduction):
    trial = replace(LINEAR, reduction=reduction)
    (run,) = records(trial, (5,))
    x = load(trial.data, 5).x_train.astype(float)
    rows = np.column_stack([x, np.ones(len(x))])
    hessian = 2 * rows.T @ rows / (1 if reduction == "sum" else len(x))
    largest = np.linalg.eigvalsh(hessian).max()
    assert run.values["lr"] == 0.03
    assert run.values["lambda_max"] == pytest.approx(largest, rel=1e-4)


@pytest.mark.parametrize(
    "change",
    [{"optimizer": "sgd"}, {"clip_norm": 1.0}, {"hidden": (3,)}, {"loss": "huber"}],
    ids=str,
)
def test_there_is_no_threshold_for_other_rules_and_networks(change):
    (run,) = records(replace(LINEAR, **change), (5,))
    assert "lambda_max" not in run.values and "lr" not in run.values
