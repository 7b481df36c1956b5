"""What a trial puts around its optimizer, and what that takes."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.network import ledger, network, options, wrapped
from gradclinic.bench.execution.task import Condition, Task, declared, key, named_by
from gradclinic.bench.execution.training import run_training
from gradclinic.bench.studies.diagnose.remedies import remedies
from gradclinic.scenarios import SCENARIOS, Dataset, Trial

TRIAL = Trial(Dataset("digits", 100, 40, 40), hidden=(12,), epochs=6, batch_size=32)
BOTH = replace(TRIAL, wrapping=(("averaging", 3.0), ("max_norm", 0.8)))


def run(trial):
    task = Task(Condition("s", "f", "fix", trial), (0, 1), "train")
    return run_training(task, 1)


def test_a_rule_is_named_or_wrapped():
    assert wrapped(TRIAL) == options(TRIAL)["optimizer"] == "adam"
    rule = wrapped(BOTH)
    assert rule.name == "averaging_max_norm_adam"
    # Four steps an epoch: the third begins with the ninth.
    assert (rule.defaults["limit"], rule.defaults["start"]) == (0.8, 9)
    copied = replace(TRIAL.data, augment=(("jitter", 0.1),))
    assert wrapped(replace(BOTH, data=copied)).defaults["start"] > 9


def test_what_is_not_known_is_one_sentence():
    with pytest.raises(ValueError, match="unknown wrapping 'sam'; there are averaging"):
        wrapped(replace(TRIAL, wrapping=(("sam", 1.0),)))


def test_a_mean_is_kept_in_memory():
    rows = split(TRIAL.data, 0)
    plain, both = (
        ledger(trial, network(trial, rows), 100).optimizer for trial in (TRIAL, BOTH)
    )
    assert both - plain == 4 * network(TRIAL, rows).n_params


def test_they_change_a_training():
    losses = [
        [r.values["val_loss"] for r in run(replace(TRIAL, wrapping=pairs))]
        for pairs in ((), BOTH.wrapping[:1], BOTH.wrapping[1:], BOTH.wrapping)
    ]
    assert len(np.unique(losses)) == 8


def test_stored_runs_keep_their_keys():
    assert "wrapping" not in declared(TRIAL)
    assert declared(BOTH)["wrapping"] == BOTH.wrapping
    conditions = [Condition("s", "f", "fix", trial) for trial in (TRIAL, BOTH)]
    assert len({key(condition, 0, "train") for condition in conditions}) == 2
    assert {(".", "averaging"), (".", "max_norm")} <= {*named_by(BOTH)}


def test_no_prescription_says_them():
    fixes = {fix.name for fix in SCENARIOS["overfitting"].fixes}
    assert {"max_norm", "weight_averaging"} <= fixes
    names = {remedy.name for remedy in remedies(TRIAL, 64, {"overfitting"})}
    assert names and not names & {"max_norm", "weight_averaging"}
