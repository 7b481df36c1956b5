"""The dose that is judged: the best by validation, on seeds that judge nothing."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.task import kind_of
from gradclinic.bench.studies.doses import (
    RATE,
    Range,
    dosage_content,
    dosed,
    score,
    validation_metric,
)
from gradclinic.bench.studies.learning_curve import law_content
from gradclinic.bench.studies.question import Question
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.doses import Doses, rates

OVERFITTING = SCENARIOS["overfitting"]
DROPOUT = next(fix for fix in OVERFITTING.fixes if fix.name == "dropout")
PLAIN = next(f for f in SCENARIOS["underfitting"].fixes if f.name == "nonlinear")
SCENARIO = replace(OVERFITTING, fixes=(DROPOUT, PLAIN), rates=rates(0.01), parts=())
TUNING = (996, 997, 998)
QUESTIONS = [q for s in SCENARIOS.values() for q in (s, *s.parts)]


class Store:
    """Runs by key; the loss of each is a function of its trial and seed."""

    def __init__(self, loss):
        self.loss, self.runs = loss, {}

    def get(self, key):
        return self.runs.get(key)


def complete(tasks, store):
    for task in tasks:
        for seed in task.seeds:
            loss = store.loss(task.condition.trial, seed)
            if loss is None:
                continue
            run = task.run(seed, values={"val_loss": loss, "test_loss": 1 / loss})
            store.runs[task.key(seed)] = run


def test_the_smallest_file_is_no_good_dose_where_it_answers_worse():
    question = SCENARIOS["large_model"]

    def runs(size, *metrics):
        return {
            seed: Run("k", "s", "f", "dose", seed, values={"file_bytes": size} | told)
            for seed, told in enumerate({"val_metric": m} for m in metrics)
        }

    plain = runs(9e4, 0.9, 0.95)
    good, worse = runs(2e4, 0.896, 0.946), runs(1e4, 0.885, 0.935)
    best = max((good, worse), key=lambda r: score(r, question.metric, plain))
    assert best is good
    assert score(worse, question.metric) > score(good, question.metric)
    better = runs(3e4, 0.99, 0.99)  # nothing is gained by answering better
    assert score(good, question.metric, plain) > score(better, question.metric, plain)


def chosen(loss, scenario=SCENARIO, tuning=TUNING):
    question = Question(scenario, (0, 1), (), tuning=tuning)
    store = Store(loss)
    return dosed([question], store, partial(complete, store=store))[0]


def bowl(trial, seed):
    """Best at a rate of 0.001 and, apart from it, a dropout of 0.3."""
    rate = (np.log10(trial.lr) + 3) ** 2
    return float(np.exp(rate + 4 * (trial.dropout - 0.3) ** 2 + 0.01 * seed))


def test_the_rate_comes_first_and_the_doses_on_it():
    question, found = chosen(bowl)
    assert question.scenario.baseline.lr == 0.001
    assert found[RATE].chosen == 0.001 and found[RATE].tuned and not found[RATE].edge
    (dropout, plain) = question.scenario.fixes
    assert found["dropout"].chosen == 0.3 and list(found) == [RATE, "dropout"]
    assert dropout.doses is None and dropout.strength == "rate 0.3"
    trial = dropout.treated(question.scenario.baseline)
    assert (trial.dropout, trial.lr) == (0.3, 0.001)
    assert plain == PLAIN
    for runs in found["dropout"].runs.values():
        assert set(runs) == set(TUNING)
        assert {run.role for run in runs.values()} == {"dose"}
        assert {run.trial["lr"] for run in runs.values()} == {0.001}


def test_test_rows_choose_nothing():
    """In `complete` the test loss is least where the validation loss is largest."""
    _, found = chosen(bowl)
    assert found["dropout"].metric.name == "val_loss"


def test_the_best_at_an_end_is_followed_one_step_further():
    _, found = chosen(lambda trial, seed: 1.0 / (1e-9 + trial.dropout) + trial.lr)
    dropout = found["dropout"]
    assert dropout.edge and dropout.chosen == pytest.approx(0.9)
    assert len(dropout.runs) == len(DROPOUT.doses.values) + 1
    rate = found[RATE]
    assert rate.edge and rate.chosen == pytest.approx(1e-4 * 1e-4 / 3.2e-4)


def test_what_diverges_is_never_chosen():
    def loss(trial, seed):
        return np.inf if trial.dropout > 0.2 and seed == 997 else 1 - trial.dropout

    _, found = chosen(loss)
    assert found["dropout"].chosen == 0.2


def test_without_all_runs_the_usual_dose_is_judged():
    """As where the time that was allowed ran out."""
    missing = DROPOUT.doses.values[2]

    def loss(trial, seed):
        return None if trial.dropout == missing and seed == 998 else bowl(trial, seed)

    question, found = chosen(loss)
    assert not found["dropout"].tuned
    assert found["dropout"].chosen == DROPOUT.doses.usual
    assert question.scenario.fixes[0].strength == "rate 0.5"


def test_a_quick_look_takes_the_usual_doses():
    question, found = chosen(bowl, tuning=())
    assert found == {} and question.scenario.baseline == SCENARIO.baseline
    assert question.scenario.fixes[0].strength == "rate 0.5"


def test_a_rate_that_is_the_trouble_is_not_tuned():
    question, found = chosen(bowl, replace(SCENARIO, rates=None))
    assert RATE not in found and question.scenario.baseline == SCENARIO.baseline


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_a_score_rises_with_what_is_better(better, scale):
    metric = replace(OVERFITTING.metric, better=better, scale=scale)
    low, high = (
        score({0: Run("k", "s", "f", "dose", 0, values={"test_loss": v})}, metric)
        for v in (1.0, 2.0)
    )
    assert (high < low) == (better == "lower")


def test_metrics_of_no_rows_stay_what_they_are():
    slow = SCENARIOS["slow_training"].metric
    assert validation_metric(slow) == slow
    assert validation_metric(OVERFITTING.metric).label == "validation loss"


def test_content_says_what_was_tried():
    _, found = chosen(bowl)
    told = dosage_content(found["dropout"])
    assert told["chosen"] == 0.3 and told["tuned"] and told["seeds"] == 3
    assert [row[0] for row in told["curve"]] == list(DROPOUT.doses.values)
    for _, value, low, high in told["curve"]:
        assert low < value < high
    assert dosage_content(None) is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_only_what_is_trained_or_measured_has_doses(question):
    """What is timed is not tuned on seeds of its own, nor the rate of what is sized."""
    kind = kind_of(question.baseline, question.metric.name)
    if kind != "train":
        assert question.rates is None
    if kind == "time":
        assert not any(fix.doses for fix in question.fixes)


def test_doses_under_a_budget_are_measured_under_it():
    scenario = SCENARIOS["memory_pressure"]
    (fix,) = (fix for fix in scenario.fixes if fix.name == "checkpointing")
    question = Question(scenario, (0,), (), tuning=TUNING)
    tried = Range(question, fix.name, fix.apply, fix.doses)
    tasks = tried.tasks(fix.doses.values)
    assert {task.kind for task in tasks} == {"guard"}
    assert {task.seeds for task in tasks} == {TUNING}
    found = [task.condition.trial.memory.checkpoint for task in tasks]
    assert found == list(fix.doses.values)
    (plain,) = Range(
        replace(question, scenario=SCENARIO), "dropout", DROPOUT.apply, DROPOUT.doses
    ).tasks([0.1])
    assert plain.kind == "train"


def test_an_infinite_end_is_null():
    doses_ = Doses("rate", (0.1, 0.2), 0.1)
    runs = {s: Run("k", "s", "f", "dose", s, status="diverged") for s in range(3)}
    metric = OVERFITTING.metric
    found = SimpleNamespace(
        doses=doses_,
        runs={0.1: runs},
        metric=metric,
        chosen=0.1,
        tuned=True,
        edge=True,
        guarded=False,
    )
    assert dosage_content(found)["curve"] == [[0.1, None, None, None]]


MORE_DATA = next(fix for fix in OVERFITTING.fixes if fix.name == "more_data")


def by_rows(trial, seed):
    """A law of exponent 1 and floor 0.4, whatever the rate, times a seed's own."""
    rows = trial.data.rows / SCENARIO.baseline.data.rows
    return float(
        (0.5 / rows + 0.4) * np.exp(0.01 * (seed - 997) + abs(trial.lr - 0.01))
    )


def test_a_dose_of_rows_has_a_law_with_the_baseline_as_its_first_size():
    _, found = chosen(by_rows, replace(SCENARIO, fixes=(MORE_DATA, DROPOUT)))
    law = law_content(found["more_data"], found[RATE])
    assert law["rows"] == [400 * times for times in (1, *MORE_DATA.doses.values)]
    assert law["seeds"] == 3 and law["told"]
    assert law["exponent"][0] == pytest.approx(1.0, rel=1e-3)
    assert law["half"][0] == pytest.approx(2.0, rel=1e-3)
    assert law["scale"] == pytest.approx(0.5, rel=0.05)
    assert law["floor"][0] == pytest.approx(0.4, rel=0.05)
    assert law_content(found["dropout"], found[RATE]) is None
    alone = law_content(found["more_data"], None)
    assert alone["rows"] == law["rows"][1:]


def test_a_dose_that_was_not_tuned_has_no_law():
    _, found = chosen(lambda trial, seed: None, replace(SCENARIO, fixes=(MORE_DATA,)))
    assert law_content(found["more_data"], found[RATE]) is None
