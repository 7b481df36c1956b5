"""What the scenarios claim of themselves, where arithmetic can tell."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.kernels import MINIMISERS, OPTIMIZERS
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.data import load
from sklearn.datasets import make_regression
from sklearn.model_selection import train_test_split

DIVERGENCE = SCENARIOS["divergence"]
MEMORY = SCENARIOS["memory_pressure"]
QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
RULES = {**OPTIMIZERS, **MINIMISERS}


def threshold(trial, seed):
    """2 / lambda_max of the summed squared error's Hessian 2 X^T X, with bias."""
    x = load(trial.data, seed).x_train
    x = np.column_stack([x, np.ones(len(x))]).astype(np.float64)
    return 2 / np.linalg.eigvalsh(2 * x.T @ x)[-1]


def test_seed_0_of_divergence_is_the_textbooks_data():
    x, y = make_regression(1000, 1, noise=0.1, random_state=42)
    x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=42)
    split = load(DIVERGENCE.baseline.data, 0)
    np.testing.assert_array_equal(split.x_train, x.astype(np.float32))
    np.testing.assert_array_equal(split.y_train[:, 0], y.astype(np.float32))


@pytest.mark.parametrize("seed", [0, 1, 9, 1000, 1009, 2000, 2009])
def test_the_divergence_sweep_surrounds_the_threshold(seed):
    fixes = {fix.name: fix for fix in DIVERGENCE.fixes}
    limit = threshold(DIVERGENCE.baseline, seed)
    rates = [fix.treated(DIVERGENCE.baseline).lr for fix in DIVERGENCE.sweep]
    assert rates == sorted(rates)
    assert min(rates) < limit < max(rates)
    assert DIVERGENCE.baseline.lr > limit
    assert fixes["smaller_learning_rate"].treated(DIVERGENCE.baseline).lr < limit


def test_badly_scaled_inputs_have_a_wide_spectrum():
    """Scaling is the cause: it multiplies the condition number of the inputs."""
    trial = SCENARIOS["slow_training"].baseline
    deviation = load(trial.data, 0).x_train.std(axis=0)
    assert deviation[-8:].max() > 5 * deviation[:8].max()


def test_more_data_keeps_the_number_of_steps():
    for name in ("overfitting", "underfitting"):
        base = SCENARIOS[name].baseline
        for fix in SCENARIOS[name].fixes:
            if fix.family == "more data":
                trial = fix.treated(base)
                steps = trial.epochs * trial.data.rows
                assert steps == base.epochs * base.data.rows


def test_every_engine_is_asked_for_the_same_step():
    part = next(
        p for p in SCENARIOS["slow_training"].parts if p.name.endswith("seconds")
    )
    engines = {fix.treated(part.baseline).engine for fix in part.fixes}
    assert part.baseline.engine == "python"
    assert engines == {
        "numpy",
        "numba",
        "numba_parallel",
        "numba_float16",
        "population",
        "cuda",
    }


@pytest.mark.parametrize("question", (MEMORY, *MEMORY.parts), ids=lambda q: q.name)
def test_memory_trials_keep_one_budget(question):
    budget = question.baseline.memory.budget
    assert budget is not None
    for fix in (*question.fixes, question.controls.positive):
        assert fix.treated(question.baseline).memory.budget == budget


OTHERWISE = {"optimizer": "momentum", "hyper": (("momentum", 0.9),), "batch_size": 32}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_fix_that_trains_by_another_rule_leaves_nothing_of_the_old(question):
    trial = replace(question.baseline, **OTHERWISE)
    for role, fix in question.applied:
        if role == "sweep":
            continue
        try:
            treated = fix.treated(trial)
        except ValueError:
            continue  # it says that it does not suit
        known = RULES[treated.optimizer]
        assert {name for name, _ in treated.hyper} <= {*known.defaults}, fix.name
        assert treated.batch_size is None or treated.optimizer not in MINIMISERS
