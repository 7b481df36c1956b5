"""The audit and the program judge made-up runs: two ways that must agree.

Each question of the suite gets drawn runs of every kind: better and worse, misses,
divergence, failures, too few seeds. Then every claim is changed, one at a time.
"""

import copy
import json
from dataclasses import asdict, replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from gradclinic.bench.execution.record import Run
from gradclinic.bench.execution.store import Store
from gradclinic.bench.studies import result as module
from gradclinic.bench.studies.audit.question import AuditedQuestion
from gradclinic.bench.studies.audit.runs import table
from gradclinic.bench.studies.audit.suite import audit_question
from gradclinic.bench.studies.evidence import Evidence, conditions
from gradclinic.bench.studies.judgement import judge
from gradclinic.bench.studies.suite import SuiteOptions
from gradclinic.scenarios import SCENARIOS

from ...quick import first_or_exhaustive

QUESTIONS = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
SEEDS = 8
LOSSES = (
    "train_loss",
    "val_loss",
    "test_loss",
    "first_loss",
    "final_loss",
    "peak_bytes",
    "seconds_per_step",
)


def values(question, rng, level):
    """What a run may leave; level: how good its condition is, 1 as the baseline."""
    found = {name: float(level * rng.uniform(0.9, 1.1)) for name in LOSSES}
    found["val_loss"] *= rng.choice([1.0, 1.02, 1.3])
    found["best_val_loss"] = found["val_loss"] * rng.choice([1.0, 0.99, 0.8])
    for part in ("train", "val", "test"):
        found[f"{part}_metric"] = float(np.clip(0.9 - 0.1 * level, 0, 1))
        found[f"{part}_metric"] += float(rng.uniform(-0.03, 0.03))
    # What is gained for a rare class is lost for the others.
    found["test_balanced"] = 1.5 - found["test_metric"]
    found |= {
        "epochs": 60,
        "budget": 1.1,
        "predicted_bytes": 1.0,
        "lr": 0.1,
        "lambda_max": float(15 * level * rng.uniform(0.9, 1.1)),
        "late_drop": float(rng.choice([1e-4, 0.02])),
        "steps_per_second": 1.0,
        "disagreement": 0.0,
    }
    passes = float(np.ceil(30 * level * rng.uniform(0.8, 1.2)))
    found["evaluations_to_target"] = found["steps_to_target"] = passes
    if question.metric.name == "seconds_per_step":
        timed = (question.metric.name, "steps_per_second", "disagreement")
        found = {name: found[name] for name in timed}
    return found


def made(question, rng):
    """{(role, fix): {seed: run}} of every condition."""
    runs = {}
    for number, condition in enumerate(conditions(question)):
        role, fix = condition.role, condition.fix
        level = float(rng.choice([0.2, 0.5, 0.9, 0.97, 1.0, 1.0, 1.2, 2.0]))
        level = {"baseline": 1.0, "sweep": 0.3}.get(role, level)
        kind = rng.choice(["sound", "sound", "sound", "misses", "fails", "few"])
        if role in ("baseline", "sweep") and kind == "few":
            kind = "sound"
        mine = runs.setdefault((role, fix), {})
        trial = asdict(condition.trial) | {"epochs": 60}
        for seed in range(1 if kind == "few" else SEEDS):
            status, told = "ok", values(question, rng, level)
            if kind == "misses" and rng.random() < 0.3:
                missed = ("evaluations_to_target", "steps_to_target")
                told |= {name: np.inf for name in missed if name in told}
                told[question.metric.name] = np.inf
                status = str(rng.choice(["ok", "diverged", "MemoryError"]))
            if kind == "fails" and rng.random() < 0.3:
                status = str(rng.choice(["failed", "predicted-not-run"]))
            mine[seed] = Run(
                f"{number} {seed}",
                question.name,
                fix,
                role,
                seed,
                status=status,
                reason="Why.",
                seconds=1.0,
                bytes=100,
                values=told,
                trial=trial,
            )
    return runs


def examined(drawn, rng):
    """{fix: {seed: run}}: first steps of each condition, beside its runs."""
    found = {}
    for (role, fix), mine in drawn.items():
        level = float(rng.choice([1e-9, 1e-4, 0.1, 1.0, 100.0]))
        for seed, run in mine.items() if role != "sweep" else ():
            numbers = {
                "first_layer_gradient_rms": level * rng.uniform(0.9, 1.1),
                "last_layer_gradient_rms": rng.uniform(0.9, 1.1),
                "dead_fraction": min(1.0, level) * rng.uniform(0.9, 1.0),
            }
            told = {name: float(number) for name, number in numbers.items()}
            found.setdefault(fix, {})[seed] = replace(
                run,
                key=f"examined {run.key}",
                role="examination",
                status=str(rng.choice(["ok", "ok", "ok", "failed"])),
                values=told,
            )
    return found


def told(name, draw, folder):
    """(content of a question as its JSON file has it, its stored runs as a table)."""
    question = replace(QUESTIONS[name], parts=())
    path = Path(folder, f"{draw}.sqlite")
    with Store(path) as store, pytest.MonkeyPatch.context() as patched:
        rng = np.random.default_rng(crc32(f"{name} {draw}".encode()))
        drawn = made(question, rng)
        first = examined(drawn, rng)
        stored = (*drawn.values(), *first.values())
        store.put(run for mine in stored for run in mine.values())
        found = {
            condition: {seed: store.get(run.key) for seed, run in mine.items()}
            for condition, mine in drawn.items()
        }
        planned = sum(map(len, found.values()))
        evidence = Evidence(question, found, planned, examinations=first)
        for heavy, light in (
            ("exhibits", ([], [])),
            ("learning_curves", []),
            ("survival_curves", None),
            ("_about", ""),
        ):
            patched.setattr(module, heavy, lambda *_, light=light: light)
        judged = {name: (evidence, judge(evidence, 1))}
        content = module.scenario_result(question, judged, SuiteOptions(), {"cpu": "X"})
    return json.loads(json.dumps(content, allow_nan=False)), table(path)


@pytest.mark.parametrize("draw", first_or_exhaustive(range(4), (0, 1)))
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_audit_judges_drawn_runs_as_the_program_does(name, draw, tmp_path):
    content, runs = told(name, draw, tmp_path)
    assert list(audit_question(content, runs)) == []


def test_a_lost_accuracy_is_no_harm_in_results_of_earlier_versions_too(tmp_path):
    """They do not hold what their metric measures, but its name."""
    content, runs = told("class_imbalance", 0, tmp_path)
    before = {key: content["metric"][key] for key in content["metric"]}
    assert before.pop("measures") == "balanced_accuracy"
    prices = [fix["test_metric"] for fix in content["fixes"] if fix["test_metric"]]
    assert any(price["not_worse"] is False for price in prices)
    assert list(audit_question(content | {"metric": before}, runs)) == []
    other = content | {"metric": before | {"measures": ""}}
    assert any("guardrail" in claim for claim in audit_question(other, runs))


def test_drawn_runs_come_to_every_verdict(tmp_path):
    names = ("overfitting", "divergence", "memory_pressure", "slow_training")
    contents = [told(n, f"{n} {k}", tmp_path)[0] for n in names for k in range(5)]
    verdicts = {fix["verdict"] for content in contents for fix in content["fixes"]}
    assert verdicts == {
        "cured",
        "relieved",
        "worse",
        "too small to matter",
        "inconclusive",
        "not measurable",
    }
    assert {content["symptom"]["fires"] for content in contents} == {True, False}
    assert {content["symptom"]["refuted"] for content in contents} == {True, False}
    assert any(fix["guardrail"] for content in contents for fix in content["fixes"])


@pytest.fixture(scope="module")
def claimed(tmp_path_factory):
    """(content, runs) of a question with measured fixes and failed runs."""
    folder = tmp_path_factory.mktemp("claimed")
    for draw in range(50):
        content, runs = told("overfitting", 100 + draw, folder)
        verdicts = {fix["verdict"] for fix in content["fixes"]}
        if content["failed_runs"] and {"cured", "worse"} <= verdicts:
            return content, runs
    raise AssertionError("no draw has them all")


def other(value):
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1 if isinstance(value, int) else 1.01 * value + 0.01
    return f"{value} or so" if isinstance(value, str) else 0.5


MEASURES = (
    "n",
    "verdict",
    "gain",
    "low",
    "high",
    "low90",
    "high90",
    "level",
    "refuted",
    "symptom_fires",
)


@pytest.mark.parametrize("key", MEASURES)
def test_a_changed_claim_of_a_fix_is_listed_alone(claimed, key):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    fix[key] = 0.9 if key == "level" else other(fix[key])
    lines = list(audit_question(content, runs))
    words = {"n": "the number of pairs", "symptom_fires": "symptom_fires"}.get(key, key)
    assert any(f"overfitting, {fix['label']}: " in x and words in x for x in lines)
    # With another level the bounds are others.
    assert len(lines) == 1 or key in ("verdict", "level")


@pytest.mark.parametrize("count", ["better", "worse", "equal"])
def test_changed_counts_of_an_effect_are_listed(claimed, count):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    fix["effect"][count] += 1
    (line,) = audit_question(content, runs)
    assert f"the count of {count} pairs is said to be" in line


@pytest.mark.parametrize(
    ("place", "said"), [(0, "the ratio"), (1, "the lower end"), (2, "the upper end")]
)
def test_a_changed_effect_is_listed(claimed, place, said):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    fix["effect"]["ratio"][place] *= 1.00001
    (line,) = audit_question(content, runs)
    assert said in line


@pytest.mark.parametrize("seed", range(3))
def test_a_changed_pair_is_listed_with_its_seed(claimed, seed):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    pair = fix["effect"]["pairs"][seed]
    pair[1] *= 1.00001
    (line,) = audit_question(content, runs)
    assert f"the ratio of seed {pair[0]} is said to be {pair[1]}" in line
    pair[0] = 99
    (line,) = audit_question(content, runs)
    assert "the list of seeds is said to be" in line


@pytest.mark.parametrize("key", ["mean", "baseline_mean"])
def test_a_changed_test_metric_is_listed(claimed, key):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    fix["test_metric"][key] += 1e-5
    (line,) = audit_question(content, runs)
    assert f"the test metric ({key}) is said to be" in line


def without_guardrail(content):
    fix = next(f for f in content["fixes"] if f["verdict"] == "cured")
    fix["guardrail"] = "It falls."


def other_symptom(key):
    def change(content):
        content["symptom"][key] = not content["symptom"][key]

    return change


def one_best(key):
    def change(content):
        content["best"][key] = [*content["best"][key], "nobody"]

    return change


def control(role):
    def change(content):
        found = next(c for c in content["controls"] if c["role"] == role)
        found["behaved"] = {True: False, False: True, None: True}[found["behaved"]]

    return change


def fewer_failures(content):
    content["failed_runs"] = content["failed_runs"][1:]


def another_sentence(word):
    def change(content):
        content["meaning"] = [s for s in content["meaning"] if word not in s]

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_guardrail, "a failed guardrail is said to be True"),
        (other_symptom("fires"), "symptom fires is said to be"),
        (other_symptom("refuted"), "symptom refuted is said to be"),
        (one_best("fixes"), "best (fixes) is said to be"),
        (one_best("without_new_data"), "best (without_new_data) is said to be"),
        (control("placebo"), "control"),
        (control("wrong_mechanism"), "control"),
        (control("positive"), "control"),
        (fewer_failures, "the number of failed runs is said to be"),
        (another_sentence("Cured by"), "the sentence on what is cured names nothing"),
        (another_sentence("made things worse"), "the sentence on what is worse names"),
    ],
    ids=[str(k) for k in range(11)],
)
def test_any_other_changed_claim_is_listed_alone(claimed, change, said):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    change(content)
    (line,) = audit_question(content, runs)
    assert line.startswith("overfitting") and said in line


def test_seeds_that_are_not_those_of_the_master_are_listed(claimed):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    moved = runs.assign(seed=runs.seed + 1)
    lines = list(audit_question(content, moved))
    assert any(f"the baseline's seeds are {list(range(1, 9))}, not" in x for x in lines)


def test_a_question_without_runs_says_so(claimed):
    content, runs = copy.deepcopy(claimed[0]), claimed[1]
    (line,) = audit_question(content, runs[runs.role != "baseline"])
    assert line == "overfitting: there is no run of its baseline in runs.sqlite."
    content["seed"] = 3
    assert AuditedQuestion(content, runs).runs.empty
