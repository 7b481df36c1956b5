"""The best fixes at three strengths on other data: which, how tuned, how judged."""

import json
from dataclasses import replace

import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.execution.data import split
from gradclinic.bench.execution.network import ledger, network
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies import elsewhere as studied
from gradclinic.bench.studies.audit.suite import audit_suite
from gradclinic.bench.studies.doses import dosed
from gradclinic.bench.studies.elsewhere import (
    BEST,
    GUARDED_BEST,
    GUARDED_SEEDS,
    SEEDS,
    TUNING,
    elsewhere,
)
from gradclinic.bench.studies.question import Question
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.severities import (
    HEALTHY,
    PATIENTS,
    SEVERITIES,
    TROUBLES,
    TWINS,
)
from gradclinic.scenarios.severities.troubles.memory_pressure import NEEDS

KNOWN = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
TREATED = {t.question or t.name: t for t in TROUBLES.values()}
BOTH = (HEALTHY, *SEVERITIES)


def asked(name, fixes=None, tuning=tuple(range(990, 994))):
    question = KNOWN[name]
    if fixes is not None:
        known = {fix.name: fix for fix in question.fixes}
        question = replace(question, fixes=tuple(known[fix] for fix in fixes))
    return Question(question, tuple(range(20)), (20, 21), tuning=tuning)


def helping(*names, **changes):
    """Verdicts as of fixes that all help, the first by most."""
    about = {"role": "fix", "verdict": "relieved", "guardrail": None}
    low = range(len(names), 0, -1)
    return [
        about | {"name": n, "low": k} | changes for n, k in zip(names, low, strict=True)
    ]


def ill(found):
    return [case for case in found.cases if case.severity != HEALTHY]


def fixes_of(case):
    return [fix.name for fix in case.question.scenario.fixes]


@pytest.mark.parametrize("name", TREATED)
def test_a_question_is_asked_at_all_strengths_on_all_data_of_its_trouble(name):
    found, trouble = elsewhere(asked(name), []), TREATED[name]
    places = [(case.patient.name, case.severity) for case in found.cases]
    assert places == [(p, s) for p in trouble.patients for s in BOTH]
    for case in found.cases:
        scenario = case.question.scenario
        assert scenario.name == f"{name}@{case.patient.name}.{case.severity}"
        assert scenario.metric == KNOWN[name].metric and scenario.rates is None
        guarded = scenario.baseline.memory.budget is not None
        seeds, tuning = (GUARDED_SEEDS, 0) if guarded else (SEEDS, TUNING)
        assert len(case.question.seeds) == seeds and not case.question.more_seeds
        assert len(case.question.tuning) == tuning
        assert not {*case.question.seeds} & {*case.question.tuning}
        roles = {condition.role for condition in case.question.conditions}
        assert roles <= {"baseline", "fix", "sweep"}
        data = scenario.baseline.data
        assert not case.patient.real or max(data.test, data.validation) <= data.rows
        rated = not guarded and scenario.baseline.explanation is None
        alone = ["rate_alone"] if rated and case.severity != HEALTHY else []
        assert fixes_of(case) == alone


def test_every_trouble_belongs_to_one_question():
    assert len(TREATED) == len(TROUBLES)
    assert {*TREATED} <= {*KNOWN}


def test_a_quick_look_tries_nothing_elsewhere():
    judged = helping("dropout")
    assert elsewhere(asked("overfitting", tuning=()), judged).cases == ()


def test_the_best_fixes_without_new_data_are_tried_and_tuned_anew():
    names = [fix.name for fix in KNOWN["overfitting"].fixes if fix.doses]
    judged = helping("more_data", *(name for name in names if name != "more_data"))
    found = elsewhere(asked("overfitting"), judged)
    (tried,) = {tuple(fixes_of(case)) for case in ill(found)}
    assert tried[0] == "rate_alone" and len(tried) == 1 + BEST
    assert "more_data" not in tried
    skipped = {fix.name for fix, _ in found.untried}
    assert list(tried[1:]) == [n for n in names if n in tried]
    assert skipped.isdisjoint(tried)
    doses = [
        fix.doses
        for case in ill(found)
        for fix in case.question.scenario.fixes
        if fix.name in names
    ]
    assert doses and all(doses)


def test_doses_that_data_cannot_have_are_left_out():
    found = elsewhere(asked("overfitting"), helping("pca"))
    for case in ill(found):
        _, pca = case.question.scenario.fixes
        inputs = {"classification": 12, "digits": 20, "breast_cancer": 10}
        rows = case.question.scenario.baseline.data.rows
        assert 2 <= len(pca.doses.values)
        assert max(pca.doses.values) <= min(inputs[case.patient.name], rows)
        assert pca.doses.beyond(max(pca.doses.values)) is None


def test_what_does_not_suit_some_data_is_named_and_the_next_is_tried():
    judged = helping("shifted_copies", "dropout")
    found = elsewhere(asked("overfitting"), judged)
    ((fix, reason),) = found.untried
    assert fix.name == "shifted_copies" and reason
    assert all(fixes_of(case) == ["rate_alone", "dropout"] for case in ill(found))


def test_what_is_so_already_is_no_fix():
    found = elsewhere(asked("divergence"), helping("mean_gradient"))
    assert [(f.name, why) for f, why in found.untried] == [
        ("mean_gradient", "it sets what is so already")
    ]


def test_a_fix_is_tried_where_it_suits():
    found = elsewhere(asked("class_imbalance"), helping("moved_threshold"))
    assert found.untried == ()
    for case in ill(found):
        two = case.patient.name != "coarse_digits"
        assert ("moved_threshold" in fixes_of(case)) == two
        assert ("moved_threshold" in case.unfit) != two


def test_a_sound_training_is_its_own_reference():
    found = elsewhere(asked("covariate_shift"), [])
    for case in found.cases:
        (reference,) = case.question.scenario.sweep
        treated = reference.treated(case.question.scenario.baseline)
        own = case.severity == HEALTHY
        assert (treated == case.question.scenario.baseline) == own


def test_the_reference_of_slow_training_is_the_sound_training():
    found = elsewhere(asked("slow_training"), [])
    for case in ill(found):
        (reference,) = case.question.scenario.sweep
        sound = PATIENTS[case.patient.name].trial
        assert reference.name == "tuned_reference"
        assert reference.treated(case.question.scenario.baseline).lr == sound.lr
        assert case.question.scenario.baseline.lr < sound.lr


def test_under_a_byte_budget_fewer_fixes_are_tried_at_their_usual_doses():
    names = ("mini_batches", "checkpointing", "float16_storage")
    for case in ill(elsewhere(asked("memory_pressure"), helping(*names))):
        assert fixes_of(case) == list(names[:GUARDED_BEST])
        (undosed,) = dosed([case.question], store=None, run=None)
        fixes, dosages = undosed[0].scenario.fixes, undosed[1]
        assert dosages == {} and [fix.doses for fix in fixes] == [None, None]
        assert fixes[1].strength == "4 layers a segment"


@pytest.mark.parametrize("name", NEEDS)
def test_a_budget_is_a_share_of_what_the_ledger_predicts(name):
    trouble = TROUBLES["memory_pressure"]
    sound = TWINS[trouble.twin](PATIENTS[name].trial)
    rows = split(sound.data, 0)
    needed = ledger(sound, network(sound, rows), len(rows.x_seen)).total
    assert needed == NEEDS[name] and sound.memory.budget > 2 * needed
    for share in trouble.strengths:
        assert trouble.caused(sound, share).memory.budget == round(share * needed)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A run of one scenario in full on few seeds, elsewhere on one data set."""
    out = tmp_path_factory.mktemp("elsewhere")
    trouble = replace(TROUBLES["dead_relu"], patients=("breast_cancer",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(studied, "TROUBLES", {"dead_relu": trouble})
        assert main(["run", "dead_relu", "--seeds", "8", "--out", str(out)]) == 0
    return out, json.loads((out / "dead_relu.json").read_text())


def test_a_page_tells_of_its_cases_and_they_follow_from_the_runs(ran):
    out, content = ran
    assert not list(faults(content, "scenario"))
    assert not list(audit_suite(out))
    cases = content["elsewhere"]["cases"]
    assert [case["severity"] for case in cases] == [*BOTH]
    assert all(case["n"] == 8 for case in cases)
    assert cases[0]["fixes"] == [] and len(cases[1]["fixes"]) > 1
    told = sum(case["trainings"] for case in cases)
    assert content["trainings"] > told > 0 and not content["failed_runs"]
    page = (out / "dead_relu.html").read_text()
    assert "At other strengths, and on other data" in page
    assert page.count("Tumours, severe") == 1


def test_a_changed_number_of_a_case_is_found(ran, tmp_path):
    out, content = ran
    case = content["elsewhere"]["cases"][2]
    case["fixes"][0]["verdict"] = "cured"
    case["symptom"]["fires"] = not case["symptom"]["fires"]
    case["baseline"] = 7.0
    for name in ("runs.sqlite", "dead_relu.html"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    (tmp_path / "dead_relu.json").write_text(json.dumps(content))
    said = " ".join(audit_suite(tmp_path))
    assert "the verdict is said to be cured" in said
    assert "symptom fires" in said and "the baseline is said to be 7.0" in said
