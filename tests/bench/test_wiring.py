"""What the suite hands on: seeds, looks, tasks, resources; no training is run."""

from dataclasses import replace
from pathlib import Path

import pytest
from gradclinic.bench.execution.examination import NUMBERS
from gradclinic.bench.execution.store import Store
from gradclinic.bench.execution.task import key, kind_of
from gradclinic.bench.statistics import READS
from gradclinic.bench.studies import suite
from gradclinic.bench.studies.elsewhere import Elsewhere
from gradclinic.bench.studies.evidence import CONTROLS, conditions
from gradclinic.bench.studies.suite import SuiteOptions, run_suite
from gradclinic.bench.studies.symptom import is_reference
from gradclinic.scenarios import SCENARIOS
from gradclinic.scenarios.batch_sizes import BATCH_SIZES

QUESTIONS = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
ALL = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)


def asked(question, **options):
    return suite.question_of(question, SuiteOptions(**options))


def all_seeds(question, **options):
    found = asked(question, **options)
    return {*found.seeds, *found.more_seeds}


@ALL
@pytest.mark.parametrize("how", [{}, {"quick": True}, {"seeds": 1000}], ids=str)
def test_master_seeds_share_no_seed_extensions_included(question, how):
    found = [all_seeds(question, seed=master, **how) for master in range(4)]
    assert len(set().union(*found)) == 4 * len(found[0]) > 0


@ALL
def test_seeds_are_as_many_as_asked_and_those_of_an_extension_are_fresh(question):
    quick, full = question.seeds
    for how, count in (({"quick": True}, quick), ({}, full), ({"seeds": 7}, 7)):
        found = asked(question, **how)
        assert found.seeds == tuple(range(count))
        extended = not how and count <= 10
        assert found.more_seeds == (tuple(range(count, 2 * count)) if extended else ())
        assert found.looks == (2 if extended else 1)


@ALL
def test_every_condition_is_run_as_declared(question):
    found = {(c.role, c.fix): c.trial for c in conditions(question)}
    start = question.baseline
    expected = {("baseline", "baseline"): start}
    expected |= {("fix", fix.name): fix.treated(start) for fix in question.fixes}
    expected |= {("sweep", fix.name): fix.treated(start) for fix in question.sweep}
    for role in CONTROLS:
        fix = getattr(question.controls, role)
        expected[role, fix.name] = fix.treated(start)
    assert found == expected
    assert {c.scenario for c in conditions(question)} == {question.name}


@ALL
def test_only_what_is_simply_trained_leaves_the_processor(question):
    found = replace(asked(question), device="cuda")
    for task in found.tasks():
        trial = task.condition.trial
        timed = question.metric.name == "seconds_per_step"
        kind = "guard" if trial.memory.budget else "time" if timed else "train"
        assert task.kind == kind == kind_of(trial, question.metric.name)
        assert task.device == ("cuda" if kind == "train" else "cpu")
        shown = kind == "guard" and task.condition.role == "sweep"  # and not judged
        assert task.seeds == (found.seeds[:1] if shown else found.seeds)
        assert task.key(3) == key(task.condition, 3, kind, task.device)


@ALL
def test_what_is_trained_is_timed_in_turns_on_the_first_seed(question):
    found = asked(question)
    prices = found.prices()
    trained = kind_of(question.baseline, question.metric.name) == "train"
    sizes = {fix.name for fix in BATCH_SIZES}
    timed = [c for c in conditions(question) if c.role != "sweep" or c.fix in sizes]
    timed = timed if trained else []
    assert [task.condition.fix for task in prices] == [c.fix for c in timed]
    for task, condition in zip(prices, timed, strict=True):
        assert (task.condition.role, task.condition.trial) == ("price", condition.trial)
        assert (task.kind, task.device, task.seeds) == ("price", "cpu", found.seeds[:1])


@ALL
def test_the_baseline_and_its_healthy_twin_are_examined(question):
    found = asked(question)
    tasks = found.examinations()
    twin, seeds = question.controls.positive, found.seeds[:4]
    expected = {"baseline": question.baseline}
    if kind_of(question.baseline, question.metric.name) == "train":
        expected[twin.name] = twin.treated(question.baseline)
    if {*READS[question.symptom.detector]} & {*NUMBERS}:  # all that is judged is
        judged = [c for c in conditions(question) if c.role != "sweep"]
        expected, seeds = {c.fix: c.trial for c in judged}, found.seeds
    assert {task.condition.fix: task.condition.trial for task in tasks} == expected
    assert {task.condition.role for task in tasks} == {"examination"}
    assert {(task.kind, task.device) for task in tasks} == {("examine", "cpu")}
    assert {task.seeds for task in tasks} == {seeds}


def test_symptoms_of_the_first_steps_are_caused():
    detectors = {question.symptom.detector for question in QUESTIONS.values()}
    assert detectors >= {"vanishing_gradient", "exploding_gradient", "dead_relu"}


def test_an_extension_runs_the_undecided_with_what_they_are_compared_with():
    question = replace(QUESTIONS["slow_training"], seeds=(10, 10))
    found = asked(question)
    name = question.fixes[0].name
    more = found.extension({name})
    told = {(task.condition.role, task.condition.fix) for task in more}
    sweep = {("sweep", fix.name) for fix in question.sweep}
    assert told == {("baseline", "baseline"), ("fix", name), *sweep}
    assert {task.seeds for task in more} == {tuple(range(10, 20))}
    assert found.extension(set()) == []
    assert asked(question, seeds=5).extension({name}) == []


@pytest.fixture
def called(monkeypatch, tmp_path):
    """run_suite with what is heavy replaced; what each was handed is noted."""
    notes = {"complete": [], "judge": [], "out": tmp_path / "a" / "b"}

    def complete(tasks, store, resources, progress):
        notes["complete"].append((list(tasks), resources, progress))
        notes["store"] = store

    def judge(evidence, looks):
        notes["judge"].append((evidence.scenario.name, looks, evidence.planned))
        return [
            {
                "name": fix.name,
                "role": "fix",
                "verdict": "inconclusive",
                "undecided": fix.name == "adam",
            }
            for fix in evidence.scenario.fixes
        ]

    def result(scenario, judged, options, machine):
        return scenario.name, judged, options, machine

    def best(evidence, judged):
        return {"fixes": [], "without_new_data": []}

    for name, fake in (("complete", complete), ("judge", judge), ("best_fixes", best)):
        monkeypatch.setattr(suite, name, fake)
    monkeypatch.setattr(suite, "scenario_result", result)
    monkeypatch.setattr(suite, "elsewhere", lambda question, judged: Elsewhere())
    monkeypatch.setattr(suite, "cpu_count", lambda: 8)
    monkeypatch.setattr(suite, "machine_facts", lambda: {"cpu": "Example 3000"})
    return notes


def quiet(done, total, text):
    raise AssertionError("nothing ran that could progress")


def test_what_decides_nothing_is_extended_and_judged_at_both_looks(called):
    options = SuiteOptions(("divergence",), called["out"])
    ((name, judged, given, machine),) = run_suite(options, quiet)
    scenario = QUESTIONS["divergence"]
    both = (scenario, *scenario.parts)
    first = sum(len(conditions(question)) for question in both)
    first_call, (more, *same), (looks, *_), *rest = called["complete"]
    (prices, *also), (pairs, *_) = rest
    tasks, resources, progress = first_call
    assert pairs == []
    assert len(tasks) == first and same == [resources, progress] == [resources, quiet]
    assert {task.kind for task in looks} == {"examine"}
    assert also == same and {task.kind for task in prices} == {"price"}
    compared = {task.condition.fix for task in more if task.condition.role != "sweep"}
    assert compared == {"baseline", "adam"}
    assert {task.seeds for task in more} == {tuple(range(10, 20))}
    planned = [10 * len(conditions(scenario)), 20 * len(conditions(both[1]))]
    # The part has twenty seeds from the start, and is judged once.
    assert called["judge"] == [
        ("divergence", 2, planned[0]),
        ("divergence", 2, planned[0] + 10 * len(more)),
        ("divergence.deep", 1, planned[1]),
    ]
    assert (name, given, list(judged)) == (
        *("divergence", options, [question.name for question in both]),
    )
    assert machine == {"cpu": "Example 3000"}
    assert called["store"].path == called["out"] / "runs.sqlite"


def test_a_quick_look_is_judged_once(called):
    run_suite(SuiteOptions(("divergence",), called["out"], quick=True), quiet)
    assert {looks for _, looks, _ in called["judge"]} == {1}
    assert called["complete"][1][0] == []


def test_all_scenarios_and_their_parts_are_asked_by_default(called):
    results = run_suite(SuiteOptions(out=called["out"]), quiet)
    assert [result[0] for result in results] == list(SCENARIOS)
    assert set(results[0][1]) == set(QUESTIONS)
    every = [task for tasks, *_ in called["complete"] for task in tasks]
    trained = {t.condition.scenario for t in every if t.condition.role == "baseline"}
    assert trained == set(QUESTIONS)


@pytest.mark.parametrize("parts", [(), ("overfitting.label_noise",)])
def test_a_quick_look_asks_first_questions_and_the_parts_that_are_named(called, parts):
    how = SuiteOptions(out=called["out"], quick=True, parts=parts)
    results = run_suite(how, quiet)
    assert set(results[0][1]) == {*SCENARIOS, *parts}
    tasks = called["complete"][0][0]
    assert {task.condition.scenario for task in tasks} == {*SCENARIOS, *parts}


@ALL
def test_of_a_sweep_a_quick_look_runs_what_the_symptom_is_judged_by(question):
    found = {c.fix for c in asked(question, quick=True).conditions if c.role == "sweep"}
    references = {f.name for f in question.sweep if is_reference(f.name)}
    assert found == references <= {fix.name for fix in question.sweep}


def test_a_quick_look_times_the_best_of_what_it_judged(monkeypatch, tmp_path):
    best = {"fixes": ["adam", "clipping"], "without_new_data": ["mean_gradient"]}
    monkeypatch.setattr(suite, "best_fixes", lambda evidence, judged: best)
    question = asked(QUESTIONS["divergence"], quick=True)
    with Store(tmp_path / "runs.sqlite") as store:
        timed = question.prices(suite.worth_timing(question, store))
        whole = asked(QUESTIONS["divergence"])
        assert suite.worth_timing(whole, store) is None
    names = [task.condition.fix for task in timed]
    assert sorted(names) == ["adam", "baseline", "mean_gradient"]


@pytest.mark.parametrize(
    ("jobs", "expected"), [(None, (8, 1)), (2, (2, 4)), (3, (3, 2)), (20, (20, 1))]
)
def test_cores_are_shared_among_the_processes(called, jobs, expected):
    run_suite(SuiteOptions(("divergence",), called["out"], jobs=jobs), quiet)
    resources = called["complete"][0][1]
    assert (resources.jobs, resources.threads) == expected
    assert resources.deadline is None and not resources.expired


@pytest.mark.parametrize("force", [True, False])
def test_what_was_timed_on_a_noisy_host_is_timed_again_if_forced(called, force):
    run_suite(SuiteOptions(("divergence",), called["out"], force=force), quiet)
    assert {resources.retime for _, resources, _ in called["complete"]} == {force}


def test_a_deadline_is_handed_on(called):
    run_suite(SuiteOptions(("divergence",), called["out"], deadline=300.0), quiet)
    assert {resources.deadline for _, resources, _ in called["complete"]} == {300.0}


def test_a_corrupt_store_is_moved_aside_only_if_forced(called):
    called["out"].mkdir(parents=True)
    path = Path(called["out"], "runs.sqlite")
    path.write_text("no database, and long enough not to be taken for an empty one")
    with pytest.raises(Exception, match="--force"):
        run_suite(SuiteOptions(("divergence",), called["out"]), quiet)
    run_suite(SuiteOptions(("divergence",), called["out"], force=True), quiet)
    with Store(path) as store:
        assert store.runs() == []


@pytest.mark.parametrize(
    ("asked_for", "chosen", "device"),
    [
        ("auto", "cpu", "cpu"),
        ("auto", "cuda", "auto"),
        ("cuda", "cuda", "cuda"),
        ("cpu", "cpu", "cpu"),
    ],
)
def test_where_a_gpu_would_train_nothing_the_processor_is_asked(
    monkeypatch, asked_for, chosen, device
):
    seen = []
    monkeypatch.setattr(suite, "chosen_device", lambda *a: seen.append(a) or chosen)
    assert asked(QUESTIONS["overfitting"], device=asked_for).device == device
    assert seen == [(asked_for, suite.LEAST_WORK)]


def test_a_price_that_could_not_be_measured_is_a_failed_run_and_no_price(tmp_path):
    question = asked(SCENARIOS["overfitting"], seeds=2)
    first, second, *_ = question.prices()
    with Store(tmp_path / "runs.sqlite") as store:
        good = first.run(first.seeds[0], status="ok", values={"seconds_per_epoch": 1.0})
        bad = second.run(second.seeds[0], status="failed", reason="it broke")
        store.put([good, bad])
        evidence = question.evidence(store)
    assert list(evidence.prices) == [first.condition.fix]
    assert [run.reason for run in evidence.unpriced] == ["it broke"]
