"""The suite from declaration to result: verdicts, resume, reproducible records."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gradclinic.bench.errors import RunsFailed
from gradclinic.bench.execution.store import Store
from gradclinic.bench.outcome import outcome
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.result import command_of
from gradclinic.bench.studies.suite import SuiteOptions, question_of, run_suite
from gradclinic.scenarios import SCENARIOS

# One that trains in populations, and one that trains in guarded processes.
FIRST = ("divergence", "memory_pressure")
DIVERGENCE = ("divergence", "divergence.deep")
QUESTIONS = [
    pytest.param(
        question.name,
        marks=() if name in FIRST else pytest.mark.exhaustive,
    )
    for name, scenario in SCENARIOS.items()
    for question in (scenario, *scenario.parts)
]
PARTS = tuple(part.name for s in SCENARIOS.values() for part in s.parts)
MEASURED = ("seconds", "bytes", "peak_bytes", "seconds_per_step", "steps_per_second")


def run(out, *names, **options):
    chosen = SuiteOptions(names, out, **{"quick": True, "parts": PARTS, **options})
    return run_suite(chosen, lambda done, total, text: None)


def plain(out, scenario=None):
    """Every stored run without what a clock or a memory counter says."""
    with Store(out / "runs.sqlite") as store:
        runs = [run for run in store.runs(scenario) if run.role != "price"]
    return {
        run.key: (
            *(run.scenario, run.fix, run.role, run.seed, run.status, run.reason),
            {k: v for k, v in run.values.items() if k not in MEASURED},
            run.curves,
        )
        for run in runs
    }


def both(out):
    """The stored runs of divergence and of its part."""
    return plain(out, "divergence") | plain(out, "divergence.deep")


@pytest.fixture(scope="module")
def suite(request, tmp_path_factory):
    """One quick run of all that the tests ask: (folder, {question: its result})."""
    out = tmp_path_factory.mktemp("suite")
    here = [item for item in request.session.items if item.path == request.path]
    every = any(item.get_closest_marker("exhaustive") for item in here)
    answers = [a for r in run(out, *(() if every else FIRST)) for a in (r, *r["parts"])]
    return out, {answer["scenario"]: answer for answer in answers}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_trouble_is_there_and_the_controls_behave(suite, name):
    answer = suite[1][name]
    assert answer["symptom"]["fires"], answer["symptom"]
    assert all(c["behaved"] for c in answer["controls"]), answer["controls"]
    assert answer["failed_runs"] == []


def timed_of(result):
    """Names of the fixes that a quick look times."""
    best = result["best"]
    return {*best["fixes"][:1], *best["without_new_data"][:1]}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_fix_has_a_verdict_a_price_and_enough_seeds(suite, name):
    timed = timed_of(suite[1][name])
    for fix in suite[1][name]["fixes"]:
        if {*fix["status"]} == {"unavailable"}:  # a device that is not here
            assert fix["name"] == "cuda" and fix["verdict"] == "not measurable"
            continue
        assert fix["verdict"] != "not measurable", fix
        assert fix["name"] not in timed or fix["seconds"]["median"] > 0
        assert len(fix["strength"]) > 0
        assert fix["bytes"]["median"] > 0
        assert fix["n"] >= 3


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_result_is_plain_json(suite, name):
    text = json.dumps(suite[1][name], allow_nan=False)
    assert json.loads(text) == suite[1][name]
    assert list(faults(suite[1][name], "scenario")) == []


def guarded(suite, name):
    """The runs of a question but for those of the first steps, examined apart."""
    with Store(suite[0] / "runs.sqlite") as store:
        runs = store.runs(name)
    judged = [run for run in runs if run.role != "sweep"]  # that is of one seed
    measured = [run for run in judged if "budget" in run.values]
    conditions = {run.fix for run in measured}
    assert len(measured) >= 3 * len(conditions) > 0
    return measured


def test_the_ledger_predicts_the_measured_peak(suite):
    """Within 10 % or 2 MB: the allocator and BLAS take a little of their own."""
    runs = guarded(suite, "memory_pressure")
    for values in (run.values for run in runs):
        off = abs(values["peak_bytes"] - values["predicted_bytes"])
        assert off <= max(2e6, 0.1 * values["predicted_bytes"])


def test_what_is_measured_in_a_guarded_process_has_a_test_metric_and_mapped_pages(
    suite,
):
    runs = guarded(suite, "memory_pressure.data")
    assert all(run.values["test_metric"] is not None for run in runs)
    mapped = {run.fix: run.values["mapped_bytes"] for run in runs}
    rows = SCENARIOS["memory_pressure"].parts[1].baseline.data.rows
    assert mapped.pop("streaming") >= 4 * 512 * rows
    assert set(mapped.values()) == {0}


@pytest.mark.exhaustive
def test_engines_are_checked_to_agree(suite):
    with Store(suite[0] / "runs.sqlite") as store:
        runs = store.runs("slow_training.seconds")
    timed = [run for run in runs if "seconds_per_step" in run.values]
    assert len(timed) > len({run.fix for run in timed}) > 2
    assert max(run.values["disagreement"] for run in timed) < 1e-4


def test_a_second_run_runs_nothing_and_says_the_same(suite):
    out, answers = suite
    before = plain(out)
    again = run(out, "divergence")[0]
    assert plain(out) == before
    same = ("fixes", "symptom", "controls", "tables", "meaning", "curves")
    for part in same:
        assert again[part] == answers["divergence"][part]


@pytest.mark.parametrize("jobs", [1, 2])
def test_records_do_not_depend_on_the_number_of_jobs(suite, tmp_path, jobs):
    run(tmp_path, "divergence", jobs=jobs)
    assert plain(tmp_path) == both(suite[0])


def test_killed_in_the_middle_it_resumes_to_the_same_records(suite, tmp_path):
    command = [sys.executable, "-m", "gradclinic.bench", "run", "--quick", *DIVERGENCE]
    command += ["--jobs", "1", "--out", str(tmp_path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet, start_new_session=True)
    try:
        while not stored(tmp_path):
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.01)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    whole = both(suite[0])
    assert 0 < len(plain(tmp_path)) < len(whole)
    run(tmp_path, "divergence")
    assert plain(tmp_path) == whole


def stored(out):
    path = out / "runs.sqlite"
    if not path.exists():
        return 0
    try:
        with Store(path) as store:
            return len(store.runs())
    except Exception:  # the other process is just making it
        return 0


def test_more_seeds_are_run_where_ten_decide_nothing(tmp_path, monkeypatch):
    from gradclinic.bench.studies import suite as module

    monkeypatch.setattr(module, "_undecided", lambda question, store: {"adam"})
    result = run(tmp_path, "divergence", quick=False)[0]
    seeds = {fix["name"]: fix["n"] for fix in result["fixes"]}
    assert seeds["adam"] == 20
    assert seeds["clipping"] == 10


def test_decided_questions_are_not_extended(tmp_path, monkeypatch):
    from gradclinic.bench.studies import suite as module

    monkeypatch.setattr(module, "_undecided", lambda question, store: set())
    result = run(tmp_path, "divergence", quick=False)[0]
    assert {fix["n"] for fix in result["fixes"]} == {10}
    seeds = {run[3] for run in plain(tmp_path, "divergence").values()}
    assert seeds == set(range(10))
    assert all(fix["seconds"]["median"] > 0 for fix in result["fixes"])
    (table,) = (t for t in result["tables"] if "stable" in t["title"])
    assert {row[-1] for row in table["rows"]} == {"yes"}  # as theory has it
    assert [part["scenario"] for part in result["parts"]] == ["divergence.deep"]
    assert result["unasked"] == []


def test_a_quick_look_asks_the_first_question_and_names_the_others(tmp_path):
    result = run(tmp_path, "divergence", parts=())[0]
    assert result["parts"] == [] and len(result["unasked"]) == 1
    assert {fix["dose"] for fix in result["fixes"]} == {None} and not result["pairs"]
    timed = {f["name"] for f in result["fixes"] if f["seconds"]["median"] is not None}
    assert timed == timed_of(result) and list(faults(result, "scenario")) == []
    with Store(tmp_path / "runs.sqlite") as store:
        assert {run.role for run in store.runs()} == {
            *("baseline", "fix", "placebo", "wrong_mechanism", "positive"),
            *("examination", "price"),
        }


def test_runs_of_other_seeds_in_the_folder_change_nothing(suite, tmp_path):
    run(tmp_path, "divergence", seeds=12)
    told = ("name", "n", "gain", "low", "verdict", "verdict_reason", "metric")
    again, before = (
        [{name: fix[name] for name in told} for fix in answer["fixes"]]
        for answer in (run(tmp_path, "divergence")[0], suite[1]["divergence"])
    )
    assert again == before


def test_a_deadline_that_is_over_is_answered_with_what_is_missing(tmp_path):
    result = run(tmp_path, "divergence", deadline=0.0)[0]
    assert result["runs"] == 0
    missing = result["missing_runs"]
    asked = question_of(SCENARIOS["divergence"], SuiteOptions(quick=True))
    assert missing == 10 * len(asked.conditions)
    assert {fix["verdict"] for fix in result["fixes"]} == {"not measurable"}
    assert {control["behaved"] for control in result["controls"]} == {None}
    assert f"{missing} of {missing} runs were not started" in result["meaning"][0]
    assert not result["symptom"]["fires"]
    missing += sum(part["missing_runs"] for part in result["parts"])
    with pytest.raises(RunsFailed, match=f"{missing} runs were not started"):
        outcome([result], ())


def test_every_stored_run_tells_its_trial(suite):
    with Store(suite[0] / "runs.sqlite") as store:
        assert all(run.trial["data"]["name"] for run in store.runs())


def test_the_command_on_a_page_carries_what_was_given():
    assert command_of("overfitting", SuiteOptions()) == "gradclinic run overfitting"
    options = SuiteOptions((), Path("a b"), 3, 4, True, jobs=2, device="cpu")
    assert shlex.split(command_of("overfitting", options)) == [
        *("gradclinic", "run", "overfitting", "--quick", "--seed", "3", "--seeds", "4"),
        *("--jobs", "2", "--out", "a b", "--device", "cpu"),
    ]
    options = SuiteOptions(quick=True, parts=("divergence.deep", "underfitting.digits"))
    said = shlex.split(command_of("divergence", options))
    assert said == ["gradclinic", "run", "divergence", "divergence.deep", "--quick"]
