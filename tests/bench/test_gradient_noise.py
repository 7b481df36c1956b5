"""The gradient noise scale that a condition of the sweep is stored with."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.gradient_noise import noise_values
from gradclinic.bench.execution.setting import setting
from gradclinic.bench.execution.task import Condition, Task
from gradclinic.kernels import train
from gradclinic.scenarios import Dataset, Trial

TRIAL = Trial(
    Dataset("digits", rows=60, validation=30, test=20),
    hidden=(8,),
    optimizer="sgd",
    lr=0.1,
    batch_size=10,
    epochs=5,
    target=2.0,
)
ROWS = split(TRIAL.data, 3)


def values_of(trial=TRIAL, role="sweep", passes=4.0):
    task = Task(Condition("s", "f", role, trial), (3,), "train")
    return noise_values(task, setting(trial, ROWS, 3)[0], ROWS, 3, passes)


def test_numerator_and_denominator_are_averaged_apart():
    net, params, how = setting(TRIAL, ROWS, 3)
    how |= {"epochs": 4}
    seen = train(net, params, ROWS.x_seen, ROWS.y_seen, diagnostics=True, **how)
    noise = np.nansum(seen.diagnostics.noise, axis=1)
    signal = np.nansum(seen.diagnostics.signal, axis=1)
    assert len(noise) == 24
    found = values_of()
    assert found["noise_scale"] == pytest.approx(noise.mean() / signal.mean())
    assert found["noise_scale"] == pytest.approx(seen.diagnostics.noise_scale())
    first = noise[:2].mean() / signal[:2].mean()
    assert found["noise_scale_at_first"] == pytest.approx(first)
    last = noise[-2:].mean() / signal[-2:].mean()
    assert found["noise_scale_at_last"] == pytest.approx(last if last > 0 else inf)


@pytest.mark.parametrize(
    "asked",
    [
        {"role": "fix"},
        {"passes": inf},
        {"trial": replace(TRIAL, optimizer="adam")},
        {"trial": replace(TRIAL, batch_size=None, data=Dataset("digits", rows=500))},
    ],
)
def test_nothing_is_measured_elsewhere(asked):
    if "trial" in asked and asked["trial"].batch_size is None:
        trial = asked["trial"]
        task = Task(Condition("s", "f", "sweep", trial), (3,), "train")
        rows = split(trial.data, 3)
        assert noise_values(task, setting(trial, rows, 3)[0], rows, 3, 4.0) == {}
        return
    assert values_of(**asked) == {}
