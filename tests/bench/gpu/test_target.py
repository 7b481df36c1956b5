"""Trainings to a target: in turns, as many as can be judged, or none."""

from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.measurement.timing import MIN_SAMPLES
from gradclinic.bench.studies.gpu import target
from gradclinic.bench.studies.gpu.settings import settings_for


class Process:
    """A CPU process that answers at once, or fails."""

    def __init__(self, turns, reason=None):
        self.turns, self.reason = turns, reason

    def ask(self, command, key, epochs, rate):
        self.turns.append("cpu")
        return {"reason": self.reason} if self.reason else {"seconds": 2.0 * epochs}


@pytest.fixture
def turns(monkeypatch):
    """What ran, in order; the loss halves in the third epoch."""
    seen = []

    def whole(work, epochs, rate):
        seen.append("gpu")
        loss = 2.0 * 0.7 ** np.arange(epochs)
        return SimpleNamespace(train_loss=loss), 1.0 * epochs

    monkeypatch.setattr(target, "whole", whole)
    return seen


def point(turns, allowed=100.0, reason=None):
    return SimpleNamespace(
        settings=settings_for(threads=2),
        part=SimpleNamespace(spent=False),
        work=None,
        steps=16,
        allowed=allowed,
        expected=lambda threads: 1.0,
        rows={target.CPU: Process(turns, reason)},
    )


def test_cpu_and_gpu_take_turns_often_enough_for_a_verdict(turns):
    found = target.to_target(point(turns))
    assert found["steps_to_target"] == 3 * 16
    assert turns == ["gpu", *["cpu", "gpu"] * settings_for(2).samples]
    for name, seconds in ((target.CPU, 6.0), ("gpu", 3.0)):
        assert found["to_target"][name] == [seconds] * settings_for(2).samples
    assert settings_for(2).samples >= MIN_SAMPLES


@pytest.mark.parametrize(("allowed", "ran"), [(5.0, []), (20.0, ["gpu"])])
def test_what_would_take_too_long_is_not_begun(turns, allowed, ran):
    found = target.to_target(point(turns, allowed))
    assert found == {"steps_to_target": None, "to_target": None}
    assert turns == ran


def test_a_process_that_fails_gives_nothing(turns):
    found = target.to_target(point(turns, reason="it ended"))
    assert found["to_target"] is None
