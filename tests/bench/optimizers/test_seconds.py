"""Seconds of a step: taken in turns after the study, refused where they are noise."""

import json
from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.entrant import Entrant, registered
from gradclinic.bench.measurement.noise import HostNoise
from gradclinic.bench.studies.optimizers import seconds as module
from gradclinic.bench.studies.optimizers.seconds import (
    SAME,
    SAMPLES,
    Training,
    doubts,
    seconds_measured,
)
from gradclinic.kernels import Optimizer
from gradclinic.kernels.optimizer import keep


def silent(done, total, text):
    pass


def test_every_pair_is_measured_and_the_content_is_plain(small, monkeypatch):
    monkeypatch.setattr(module, "SAMPLE_SECONDS", 1e-4)
    found = seconds_measured(small, silent)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found["per_step"]) == [p.name for p in small.problems]
    for measured in found["per_step"].values():
        assert list(measured) == ["sgd", "adamw"]
        for value, low, high in measured.values():
            assert 0 < low <= value <= high
    assert found["noisy"] == bool(found["reasons"])
    rows = [(row["rules"], row["problem"]) for row in found["sanity"]]
    assert rows == [(list(SAME), p.name) for p in small.problems]
    for row in found["sanity"]:
        value, low, high = row["ratio"]
        assert low <= value <= high


class Faked(Training):
    """Gives made-up seconds and notes its turn."""

    turns: tuple = ()
    pace = 1.0

    def __post_init__(self):
        pass

    def prepare(self):
        if self.entrant.name == "picky":
            raise ValueError("this rule takes no network of this shape")

    def sample(self):
        type(self).turns = (*self.turns, (self.entrant.name, self.all_rows))
        slow = self.all_rows and self.entrant.name == "sgd"
        return {"sgd": 1.0, "adamw": 2.0}.get(self.entrant.name, 1.0) * (
            self.pace if slow else 1.0
        )


@pytest.fixture
def faked(monkeypatch):
    monkeypatch.setattr(module, "Training", Faked)
    monkeypatch.setattr(module, "judge", lambda *looks: HostNoise(False, ()))
    monkeypatch.setattr(module, "TAKEN", 1.0)
    monkeypatch.setattr(Faked, "turns", ())
    return Faked


def test_samples_are_taken_in_turns(small, faked):
    one = replace(small, problems=small.problems[:1])
    found = seconds_measured(one, silent)
    a_turn = [("sgd", False), ("adamw", False), *((name, True) for name in SAME)]
    assert list(faked.turns) == a_turn * SAMPLES
    assert found["per_step"]["wine"] == {"sgd": [1.0] * 3, "adamw": [2.0] * 3}
    assert found["sanity"][0]["ratio"] == [1.0, 1.0, 1.0]
    assert not found["noisy"] and found["reasons"] == []


@pytest.mark.parametrize(("pace", "noisy"), [(1.04, False), (1.06, True), (0.9, True)])
def test_equal_rules_that_differ_make_all_seconds_noise(
    small, faked, monkeypatch, pace, noisy
):
    monkeypatch.setattr(Faked, "pace", pace)
    found = seconds_measured(small, silent)
    assert found["noisy"] == noisy
    assert found["sanity"][0]["ratio"][0] == pytest.approx(1 / pace, rel=1e-3)
    if noisy:
        assert len(found["reasons"]) == 2
        assert (
            "gradient_descent and sgd have the same arithmetic" in found["reasons"][0]
        )


def test_what_the_host_says_counts(small, faked, monkeypatch):
    said = "Other virtual machines took 3.0% of the time."
    monkeypatch.setattr(module, "judge", lambda *looks: HostNoise(True, (said,)))
    found = seconds_measured(small, silent)
    assert found["noisy"] and found["reasons"] == [said]


def test_time_that_others_take_is_a_doubt():
    fine = [{"rules": list(SAME), "problem": "wine", "ratio": [1.0, 0.9, 1.1]}]
    assert doubts(0.01, fine) == []
    (said,) = doubts(0.1, fine)
    assert said == "Other programs took 10% of the time of measuring."


def test_a_rule_that_cannot_train_has_no_seconds(small, faked):
    picky = Entrant("picky", Optimizer("picky", keep, 1, "2026", {"lr": 1.0}), "p")
    found = seconds_measured(replace(small, entrants=(picky, *small.entrants)), silent)
    assert list(found["per_step"]["wine"]) == ["sgd", "adamw"]


def test_equal_rules_get_the_same_work(small):
    pair = [Training(small.problems[0], registered(n), all_rows=True) for n in SAME]
    assert [each.batch for each in pair] == [None, None]
    assert [each.steps for each in pair] == [1.0, 1.0]
    own = Training(small.problems[0], registered("sgd"))
    assert (own.batch, own.steps) == (16, 6.0)
    own.epochs = 3
    assert np.isfinite(own.sample()) and own.sample() > 0
