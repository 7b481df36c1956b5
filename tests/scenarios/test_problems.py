"""Problems that optimizers are compared on, and the data made for them."""

import numpy as np
import pytest
from gradclinic.bench.execution.network import network
from gradclinic.bench.studies.optimizers.targets import (
    target_of,
    targets_file,
    task_of,
)
from gradclinic.kernels import train_population
from gradclinic.scenarios.data import load
from gradclinic.scenarios.problems import PROBLEMS

every_problem = pytest.mark.parametrize("name", PROBLEMS)


def hessian_eigenvalues(x):
    return np.linalg.eigvalsh(x.astype(float).T @ x / len(x))


def test_the_problems_of_the_method_are_there():
    assert len(PROBLEMS) == 16
    assert sum(problem.quick for problem in PROBLEMS.values()) == 3


@every_problem
def test_what_a_problem_declares(name):
    problem = PROBLEMS[name]
    assert problem.name == name
    assert problem.title and problem.summary.endswith(".")
    rows = load(problem.trial.data, 0)
    assert len(rows.x_train) == problem.trial.data.rows
    assert len(rows.x_val) > 0


@every_problem
def test_every_problem_has_frozen_targets(name):
    row, budgets = targets_file()["problems"][name], targets_file()["budgets"]
    assert row["task"] == task_of(PROBLEMS[name]), "make the targets of this task anew"
    assert 0 < target_of(name, budgets[-1]).value <= row["easy"]
    for budget in budgets:
        medians = row["medians"][str(budget)]
        assert list(medians) == targets_file()["baselines"]
        assert target_of(name, budget).value == min(medians.values())
        assert row["best"][str(budget)] == min(medians, key=medians.__getitem__)


def test_the_noisy_quadratic_has_the_condition_number_it_says():
    rows = load(PROBLEMS["noisy_quadratic"].trial.data, 0)
    both = np.concatenate([rows.x_train, rows.x_val])
    eigenvalues = hessian_eigenvalues(both)
    assert eigenvalues[-1] == pytest.approx(1, rel=1e-4)
    assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(1e3, rel=1e-3)
    assert both.mean(axis=0) == pytest.approx(0, abs=1e-5)


def test_the_badly_scaled_regression_has_the_condition_number_it_says():
    rows = load(PROBLEMS["badly_scaled"].trial.data, 0)
    both = np.concatenate([rows.x_train, rows.x_val])
    spread = both.std(axis=0)
    assert spread[0] / spread[-1] == pytest.approx(1e3, rel=1e-2)
    eigenvalues = hessian_eigenvalues(both)
    assert eigenvalues[-1] / eigenvalues[0] == pytest.approx(1e6, rel=1e-2)


def test_the_autoencoder_must_reproduce_what_it_sees():
    rows = load(PROBLEMS["digits_autoencoder"].trial.data, 0)
    np.testing.assert_array_equal(rows.x_train, rows.y_train)
    assert (rows.x_train.min(), rows.x_train.max()) == (0, 1)


@pytest.mark.parametrize(
    "name", ["digits_lenet", "digits_residual", "adding_gru", "grammar_transformer"]
)
def test_a_problem_of_layers_trains_in_a_population(name):
    """Its loss falls within a pass, and runs of other seeds differ."""
    trial = PROBLEMS[name].trial
    rows = load(trial.data, 0)
    runs = train_population(
        network(trial, rows),
        rows.x_train,
        rows.y_train,
        seeds=[0, 1],
        lr=[1e-3] * 2,
        optimizer="adam",
        batch_size=trial.batch_size,
        epochs=2,
        validation=(rows.x_val, rows.y_val),
    )
    assert (runs.train_loss[:, 1] < runs.train_loss[:, 0]).all()
    assert runs.status == ["ok"] * 2 and runs.val_loss[0, 1] != runs.val_loss[1, 1]
