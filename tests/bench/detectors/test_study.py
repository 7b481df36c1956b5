"""How verdicts are counted, and a small study from end to end."""

import json
import sqlite3

import numpy as np
import pytest
from gradclinic.bench.commands import main
from gradclinic.bench.errors import ResourceUnavailable
from gradclinic.bench.execution.store import Store
from gradclinic.bench.schemas import faults
from gradclinic.bench.studies.audit.detectors import audit_detectors
from gradclinic.bench.studies.detectors import study
from gradclinic.bench.studies.detectors.cases import cases
from gradclinic.bench.studies.detectors.scores import (
    RuleVerdict,
    f1_interval,
    fired,
    reaches,
    score,
    truth,
)
from gradclinic.reports import write_detectors_page
from gradclinic.scenarios.severities import TROUBLES
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats


def quiet(done, total, text):
    assert 0 <= done <= total and text


def test_what_must_and_may_be_named():
    assert truth(None, "overfitting") is False
    assert truth("overfitting", "overfitting") is True
    assert truth("label_noise", "overfitting") is True
    assert truth("dead_relu", "vanishing_gradient") is None
    assert truth("slow_training", "dead_relu") is False


def test_verdicts_are_counted_beside_sound_trainings():
    judged = [
        RuleVerdict("overfitting", "clear", 4),
        RuleVerdict("overfitting", "clear", None),
        RuleVerdict("overfitting", "mild", None),
        RuleVerdict("label_noise", "clear", 8),
        RuleVerdict("exploding_gradient", "clear", 1),  # it may: not counted
        RuleVerdict("slow_training", "clear", 2),
        RuleVerdict(None, "healthy", 3),
        RuleVerdict(None, "healthy", None),
    ]
    found = score("overfitting", "clear", judged)
    assert found["counts"] == {"tp": 2, "fp": 2, "fn": 1, "tn": 1}
    assert found["healthy"] == [1, 2] and found["epochs"] == 6.0
    assert found["precision"][0] == 0.5 and found["recall"][0] == pytest.approx(2 / 3)
    assert found["f1"][0] == pytest.approx(4 / 7)
    assert score("overfitting", None, judged)["counts"]["fn"] == 2
    assert fired(judged, "overfitting", "clear") == [1, 2]
    assert not reaches(found, 0.95) and reaches(found, 0.5)
    nothing = score("dead_relu", "clear", [])
    assert nothing["precision"] == [None, 0.0, 1.0] and nothing["epochs"] is None


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_f1_lies_in_its_interval(tp, fp, fn):
    value, low, high = f1_interval(tp, fp, fn)
    if tp + fp + fn == 0:
        assert np.isnan(value)
        return
    assert value == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert 0 <= low <= value <= high <= 1
    share = stats.binomtest(tp, tp + fp + fn).proportion_ci(method="wilson")
    assert high == pytest.approx(2 * share.high / (1 + share.high), abs=1e-9)


def test_a_failed_training_ends_the_study_with_a_sentence(tmp_path):
    case = cases(("dead_relu",), ("classification",))[0]
    task = case.task((7000, 7001))
    with Store(tmp_path / "runs.sqlite") as store:
        store.put([task.run(7000), task.run(7001, status="failed", reason="it broke")])
        with pytest.raises(ResourceUnavailable, match=r"7001 failed \(it broke\); the"):
            study._watched(task, range(7000, 7002), store)


def test_a_trouble_named_twice_is_asked_for_once(monkeypatch, tmp_path):
    asked = []

    def detectors(settings, *_):
        asked.append(settings.troubles)
        raise ResourceUnavailable("Enough is known.")

    monkeypatch.setattr(study, "detectors", detectors)
    twice = ["--trouble", "dead_relu"] * 2
    assert main(["detectors", *twice, "--out", str(tmp_path)]) == 5
    assert asked == [("dead_relu",)]


def test_the_majority_of_runs_names_a_group():
    assert study._most([None, 3, 5, 9]) == 9
    assert study._most([None, None, 5, 9]) is None
    assert study._most([2, 3, 5]) == 3


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A study of one trouble, as it is stored."""
    folder = tmp_path_factory.mktemp("detectors")
    settings = study.DetectorSettings(("divergence",), 5, quick=True)
    line = study.command_line(settings, settings.troubles)
    assert line == "gradclinic detectors --quick --trouble divergence --seed 5"
    content = study.detectors(settings, folder, line, quiet)
    write_detectors_page(content, folder)
    return folder, settings, line


def stored(folder):
    return json.loads((folder / "detectors.json").read_text())


def test_a_study_follows_its_schema_and_finds_what_was_caused(told):
    folder, settings, _ = told
    content = stored(folder)
    assert list(faults(content, "detectors")) == []
    assert content["runs"] == (3 + 9) * len(settings.groups[0])
    (trouble,) = content["troubles"]
    named = {(n["detector"], n["severity"]): n["fired"] for n in trouble["named"]}
    assert named["divergence", "severe"] == [3, 3]
    rules = {(r["maker"], r["detector"], r["unit"]): r for r in content["rules"]}
    ours = study.at(rules["gradclinic", "divergence", "run"], "severe")
    assert ours["counts"]["fn"] == 0 and ours["healthy"][0] == 0
    asked = [d["detector"] for d in content["demands"] if d["asked"]]
    assert asked == ["divergence", "divergence"]
    assert not content["settings"]["tuned"]
    assert (folder / "detectors.html").exists()


def test_what_is_stored_is_not_trained_again(told, monkeypatch):
    folder, settings, line = told
    monkeypatch.setattr(
        "gradclinic.bench.execution.schedule.run_watch", lambda task: 1 / 0
    )
    content = study.detectors(settings, folder, line, quiet)
    assert content["rules"] == stored(folder)["rules"]


def test_the_audit_bears_the_scores(told):
    assert list(audit_detectors(told[0])) == []


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("counts", "tp"), 1, "the counts are said to be"),
        (("recall", 0), 0.5, "recall is said to be"),
        (("f1", 1), 0.0, "f1 is said to be"),
    ],
)
def test_the_audit_sees_a_wrong_score(told, tmp_path, place, value, said):
    content = stored(told[0])
    (tmp_path / "detectors.sqlite").symlink_to(told[0] / "detectors.sqlite")
    score = study.at(content["rules"][0], "severe")
    score[place[0]][place[1]] = value
    (tmp_path / "detectors.json").write_text(json.dumps(content))
    (line,) = audit_detectors(tmp_path)
    assert said in line and line.startswith("gradclinic on")


def test_the_audit_sees_a_run_that_is_missing(told, tmp_path):
    (tmp_path / "detectors.json").write_text(json.dumps(stored(told[0])))
    with (
        sqlite3.connect(told[0] / "detectors.sqlite") as whole,
        sqlite3.connect(tmp_path / "detectors.sqlite") as part,
    ):
        whole.backup(part)
        part.execute("DELETE FROM runs WHERE rowid = 1")
    whole.close()
    part.close()
    (line,) = audit_detectors(tmp_path)
    assert line.endswith("runs are told of, and 59 are stored.")


def test_troubles_are_those_of_the_registry():
    assert {*TROUBLES} >= {
        "overfitting",
        "underfitting",
        "slow_training",
        "divergence",
        "vanishing_gradient",
        "exploding_gradient",
        "dead_relu",
        "ill_conditioning",
        "label_noise",
    }
