"""Where a training begins: a gain, and weights of a training that came before."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.network import network, options, training_seed
from gradclinic.bench.execution.setting import setting
from gradclinic.bench.execution.starts import begun, drawn, earlier_passes, is_plain
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies import price
from gradclinic.kernels import train
from gradclinic.scenarios import Dataset, Deployment, MemoryPlan, Trial

TRIAL = Trial(
    Dataset("digits", rows=40, validation=30, test=20),
    hidden=(8,),
    activation="tanh",
    optimizer="gradient_descent",
    lr=0.3,
    batch_size=None,
    epochs=12,
    target=2.3,
)
ROWS = split(TRIAL.data, 3)
NET = network(TRIAL, ROWS)


def runs_of(trial, seeds=(3,)):
    return run_training(Task(Condition("s", "f", "fix", trial), seeds, "train"), 2)


@pytest.mark.parametrize("gain", [0.5, 3.0])
def test_a_gain_multiplies_weights_and_nothing_else(gain):
    plain, scaled = (drawn(NET, replace(TRIAL, gain=g), 3) for g in (1.0, gain))
    weights = np.zeros(NET.n_values, dtype=bool)
    for start, inputs, outputs in NET.matrices:
        weights[start : start + inputs * outputs] = True
    assert weights.any() and not weights.all()
    np.testing.assert_allclose(scaled[weights], gain * plain[weights], rtol=1e-6)
    np.testing.assert_array_equal(scaled[~weights], plain[~weights])


@pytest.mark.parametrize(
    ("pairs", "count"),
    [((("epochs", 5), ("rows", 10)), 10), ((("classes", 5), ("epochs", 5)), None)],
)
def test_a_warm_start_is_the_training_on_some_of_the_rows(pairs, count):
    trial = replace(TRIAL, warm_start=pairs)
    chosen = np.arange(10) if count else np.flatnonzero(ROWS.y_seen[:, 0] < 5)
    params = NET.init(training_seed(trial, 3))
    how = options(trial) | {"epochs": 5, "lr": 0.3, "threads": 1, "device": "cpu"}
    train(NET, params, ROWS.x_seen[chosen], ROWS.y_seen[chosen], seed=3, **how)
    np.testing.assert_array_equal(begun(NET, trial, ROWS, 3), params)
    np.testing.assert_array_equal(setting(trial, ROWS, 3)[1], params)
    assert earlier_passes(trial, ROWS) == 5 * len(chosen) / 40
    assert is_plain(TRIAL) and not is_plain(trial) and earlier_passes(TRIAL, ROWS) == 0


def test_the_passes_of_a_warm_start_count():
    trial = replace(TRIAL, warm_start=(("epochs", 8), ("rows", 10)))
    first, second = runs_of(trial, (3, 4))
    alone = runs_of(trial, (4,))[0]
    assert second.values["final_loss"] == alone.values["final_loss"]
    assert first.values["earlier_passes"] == 2.0
    reached = np.flatnonzero(np.array(first.curves["val_loss"]) <= TRIAL.target)[0] + 1
    assert first.values["evaluations_to_target"] == reached + 2.0
    assert first.values["steps_to_target"] == reached
    assert "earlier_passes" not in runs_of(TRIAL)[0].values


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ((("rows", 10),), "has epochs"),
        ((("epochs", 5), ("layers", 10)), "has epochs"),
        ((("epochs", 5), ("rows", 41)), "some of the 40 training rows"),
        ((("epochs", 5), ("rows", 0)), "some of the 40 training rows"),
    ],
)
def test_a_warm_start_that_cannot_be_is_refused(pairs, said):
    with pytest.raises(ValueError, match=said) as raised:
        begun(NET, replace(TRIAL, warm_start=pairs), ROWS, 3)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "field", [{"deployment": Deployment()}, {"memory": MemoryPlan(budget=10**8)}]
)
def test_what_begins_warm_is_only_trained(field):
    with pytest.raises(ValueError, match="warm start"):
        replace(TRIAL, warm_start=(("epochs", 5),), **field)


def test_gradients_of_a_minimiser_are_its_passes():
    trial = replace(TRIAL, optimizer="lbfgs", lr=1.0, hyper=(("history_size", 5),))
    (run,) = runs_of(trial)
    reached = np.flatnonzero(np.array(run.curves["val_loss"]) <= TRIAL.target)[0] + 1
    counted = np.array(run.curves["evaluations"])
    assert run.values["evaluations_to_target"] == counted[:reached].sum() > reached
    params = NET.init(3)
    how = options(trial) | {"lr": 1.0, "seed": 3}
    history = train(NET, params, ROWS.x_seen, ROWS.y_seen, **how)
    np.testing.assert_array_equal(history.evaluations, counted)
    vectors = 2 + 2 * 5
    others = runs_of(replace(trial, hyper=(("history_size", 8),)))[0]
    more = others.values["predicted_bytes"] - run.values["predicted_bytes"]
    assert more == 6 * 4 * NET.n_params and vectors == 12


def test_the_price_of_a_warm_start_holds_its_passes():
    cold, warm = (
        runs_of(replace(TRIAL, warm_start=pairs))[0]
        for pairs in ((), (("epochs", 8), ("rows", 10)))
    )
    assert price._passes({3: cold}, [3]) == 12
    assert price._passes({3: warm}, [3]) == 14
