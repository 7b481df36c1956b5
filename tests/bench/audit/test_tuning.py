"""The audit of doses and pairs: silent on what is true, blind to no planted lie."""

import copy
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from gradclinic.bench.studies.audit.question import AuditedQuestion
from gradclinic.bench.studies.audit.tuning import audit_doses, audit_pairs
from gradclinic.bench.studies.doses import RATE, dosage_content, dosed
from gradclinic.bench.studies.evidence import conditions
from gradclinic.bench.studies.pairs import pair_tasks, pairs_content
from gradclinic.bench.studies.question import Question
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.doses import rates

NAMES = ("dropout", "l2", "input_noise")
WHOLE = SCENARIOS["overfitting"]
SCENARIO = replace(
    WHOLE,
    fixes=tuple(fix for fix in WHOLE.fixes if fix.name in NAMES),
    rates=rates(0.01),
    parts=(),
)


class Store:
    """Runs by key, the loss of each a function of its trial and seed."""

    def __init__(self):
        self.runs = {}

    def get(self, key):
        return self.runs.get(key)


def loss(trial, seed):
    """Two fixes help, and together less than apart; one run diverges."""
    if trial.lr > 0.09:
        return np.inf
    rate = 0.3 * (np.log10(trial.lr) + 2.5) ** 2
    help_ = 2 * min(trial.dropout, 0.5) * (1 - trial.dropout) + min(100 * trial.l2, 0.3)
    both = 0.2 if trial.dropout and trial.l2 else 0.0
    wave = 0.02 * np.sin(seed + 40 * trial.dropout + 1000 * trial.l2)
    return float(np.exp(rate - help_ + both + trial.input_noise + wave))


def put(tasks, store):
    for task in tasks:
        for seed in task.seeds:
            value = loss(task.condition.trial, seed)
            status = "ok" if np.isfinite(value) else "diverged"
            values = {"val_loss": value, "test_loss": 0.9 * value, "epochs": 40}
            values |= {"train_loss": 0.1, "train_metric": 1.0, "val_metric": 0.8}
            run = task.run(seed, status=status, values=values)
            store.runs[task.key(seed)] = run


@pytest.fixture
def told():
    """(content, runs): what is claimed of made-up runs, and the runs as a table."""
    store = Store()
    asked = Question(SCENARIO, tuple(range(8)), (), tuning=(996, 997, 998))
    ((question, found),) = dosed([asked], store, partial(put, store=store))
    question = replace(question, dosages=found)
    put(question.tasks(), store)
    helps = {"role": "fix", "verdict": "relieved", "guardrail": None}
    judged = [helps | {"name": n, "low": 0.1} for n in ("dropout", "l2")]
    verdicts = {each["name"]: each for each in judged}
    no_help = {"verdict": "worse", "guardrail": None, "low": -1.0}
    tasks = pair_tasks(question, judged)
    put(tasks, store)
    pairs = {task.condition.fix: task.stored(store) for task in tasks}
    evidence = replace(question.evidence(store), pairs=pairs)
    content = {
        "scenario": SCENARIO.name,
        "seed": 0,
        "metric": vars(SCENARIO.metric),
        "delta": SCENARIO.delta,
        "symptom": {"detector": "overfitting"},
        "fixes": [
            {
                **(verdicts.get(c.fix) or no_help),
                **{"name": c.fix, "role": c.role},
                "dose": dosage_content(found.get(c.fix)),
            }
            for c in conditions(question.scenario)
            if c.role == "fix"
        ],
        "rate": dosage_content(found[RATE]),
        "pairs": pairs_content(evidence),
    }
    runs = pd.DataFrame([vars(run) for run in store.runs.values()])
    return content, runs


def said(content, runs):
    question = AuditedQuestion(content, runs)
    return [*audit_doses(content, runs), *audit_pairs(content, question)]


def test_it_is_silent_on_what_the_runs_give(told):
    content, _ = told
    assert [fix["dose"]["tuned"] for fix in content["fixes"]] == [True] * 3
    (pair,) = content["pairs"]
    assert pair["reading"] == "cancels"
    assert said(*told) == []


def test_pairs_of_earlier_verdicts_are_not_counted(told):
    """A folder keeps what it ran: it makes no interval of today's pairs wider."""
    content, runs = told
    earlier = runs[runs.role == "pair"].assign(fix="dropout + input_noise")
    assert said(content, pd.concat([runs, earlier], ignore_index=True)) == []


def of(content, name):
    return next(fix["dose"] for fix in content["fixes"] if fix["name"] == name)


def another_dose(content):
    dose = of(content, "dropout")
    dose["chosen"] = next(d for d, *_ in dose["curve"] if d != dose["chosen"])


def another_rate(content):
    rate = content["rate"]
    rate["chosen"] = next(d for d, *_ in rate["curve"] if d != rate["chosen"])


def a_better_curve(content):
    of(content, "input_noise")["curve"][0][1] *= 0.9


def a_finite_divergence(content):
    (row,) = (row for row in content["rate"]["curve"] if row[1] is None)
    row[1] = 2.0


def a_larger_pair(content):
    content["pairs"][0]["together"][0] *= 0.9


def a_narrower_interaction(content):
    content["pairs"][0]["interaction"][1] *= 1.01


def another_reading(content):
    content["pairs"][0]["reading"] = "adds up"


@pytest.mark.parametrize(
    "lie",
    [
        another_dose,
        another_rate,
        a_better_curve,
        a_finite_divergence,
        a_larger_pair,
        a_narrower_interaction,
        another_reading,
    ],
)
def test_every_planted_lie_is_found(told, lie):
    content, runs = told
    content = copy.deepcopy(content)
    lie(content)
    assert len(said(content, runs)) == 1


def test_a_dose_that_was_not_judged_is_found(told):
    """The best was found, and another trial was taken to the judging seeds."""
    content, runs = told
    rows = (runs["role"] == "fix") & (runs["fix"] == "dropout")
    runs.loc[rows, "trial"] = runs.loc[rows, "trial"].map(
        lambda t: t | {"dropout": 0.7}
    )
    assert len(said(content, runs)) == 1


def put_files(tasks, store):
    """Runs of pruned networks, whose accuracy falls where much is cut."""
    for task in tasks:
        for seed in task.seeds:
            cut = dict(task.condition.trial.deployment.compression).get("prune", 0.0)
            accuracy = 0.95 - 0.1 * cut**8
            values = {"file_bytes": 1000 * (1 - cut), "val_metric": accuracy}
            store.runs[task.key(seed)] = task.run(seed, status="ok", values=values)


def test_the_smallest_file_is_not_the_best_where_its_network_is_worse():
    whole, store = SCENARIOS["large_model"], Store()
    fixes = tuple(fix for fix in whole.fixes if fix.name == "magnitude_pruning")
    asked = Question(replace(whole, fixes=fixes, parts=()), (0, 1), (), tuning=(998, 9))
    ((question, found),) = dosed([asked], store, partial(put_files, store=store))
    put_files(question.tasks(), store)
    dose = dosage_content(found["magnitude_pruning"])
    assert dose["chosen"] < max(d for d, *_ in dose["curve"])
    content = {
        "scenario": whole.name,
        "seed": 0,
        "metric": vars(whole.metric),
        "fixes": [{"name": "magnitude_pruning", "role": "fix", "dose": dose}],
    }
    runs = pd.DataFrame([vars(run) for run in store.runs.values()])
    assert [*audit_doses(content, runs)] == []
    dose["chosen"] = max(d for d, *_ in dose["curve"])
    (sentence,) = audit_doses(content, runs)
    assert f"{dose['chosen']} is said to be chosen" in sentence
