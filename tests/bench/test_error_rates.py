"""The stored simulations, judged again: few false alarms, and intervals that cover."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.studies.error_rates import (
    COMMAND,
    FIGURES,
    problems,
    rates,
    record,
    stored_figures,
)
from gradclinic.bench.studies.error_rates.__main__ import told
from gradclinic.bench.studies.error_rates.simulation import replaying, simulated

STORED = Path(__file__).parents[2] / "bench" / "results" / "error-rates.json"


@pytest.fixture(scope="module")
def content():
    if not STORED.exists():
        pytest.skip(f"{COMMAND} --json {STORED.name} has not been run")
    return json.loads(STORED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures(content):
    return content["figures"]


def test_the_file_holds_all_studies_and_pages_tell_its_figures(content, figures):
    assert len(content["nothing"]) == len(content["something"]) == record.STUDIES == 200
    assert json.loads(FIGURES.read_text(encoding="utf-8")) == figures
    assert stored_figures().items() >= figures.items()
    assert figures["studies"] == 200
    written = json.loads(record.as_text(content))
    assert written == content


def test_at_most_5_percent_of_studies_without_effect_find_one(figures):
    assert figures["helped"] <= 0.05 * figures["studies"]


@pytest.mark.parametrize("kind", ["nothing", "something"])
def test_intervals_of_95_percent_hold_the_truth_in_93_to_97(figures, kind):
    covered, total = figures["coverage"][kind]
    assert total >= 200 and 0.93 <= covered / total <= 0.97


def test_the_simulation_would_show_a_false_alarm(figures):
    """Judged on the seeds that chose the doses, more of the studies err."""
    assert figures["unfair"] > figures["helped"]


def test_some_of_the_stored_studies_judged_again_are_as_the_figures_say(content):
    """Every ninth, of each problem: as many of each count as there are at most."""
    found = record.figures(content, every=9)
    assert found["studies"] == 23
    for name in ("helped", "worse", "unfair"):
        assert found[name] <= content["figures"][name]
    for kind, (covered, total) in found["coverage"].items():
        assert total >= 15 and 0.8 * total <= covered
        assert covered <= content["figures"]["coverage"][kind][0]


@pytest.mark.exhaustive
def test_all_stored_studies_judged_again_give_the_figures(content, figures):
    assert record.figures(content) == figures


@pytest.mark.parametrize("problem", problems.PROBLEMS)
def test_a_study_judged_again_from_its_losses_is_the_same(problem):
    scenario = problems.nothing(problem)
    made = simulated(scenario, 3)
    again = simulated(scenario, 3, replaying(made.losses))
    assert again.fixes == made.fixes and again.losses == made.losses
    doses = [len(dosage.runs) for dosage in made.evidence.dosages.values()]
    assert doses[0] >= 7 and all(count >= 5 for count in doses[1:])
    for fix in made.fixes:
        assert fix["dose"]["tuned"] and fix["n"] >= 10


def test_every_fix_that_does_nothing_leaves_all_but_the_random_numbers():
    scenario = problems.nothing("moons")
    restarts = set()
    for fix in scenario.fixes:
        for dose in fix.doses.values:
            trial = fix.treated(scenario.baseline, dose)
            restarts.add(trial.restart)
            assert trial != scenario.baseline
            assert vars(trial) | {"restart": 0} == vars(scenario.baseline)
    assert len(restarts) == sum(len(fix.doses.values) for fix in scenario.fixes)


def test_what_was_never_trained_is_not_judged():
    with pytest.raises(KeyError):
        simulated(problems.nothing("moons"), 3, replaying({"tuned": {}, "judged": {}}))


def test_the_seeds_that_choose_judge_nothing():
    study = simulated(problems.something("moons"), 5)
    judged = set(study.evidence.baseline)
    for dosage in study.evidence.dosages.values():
        for runs in dosage.runs.values():
            assert judged.isdisjoint(runs)


@pytest.fixture(scope="module")
def few():
    """A record of four studies of each kind, made here; true gains by few seeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "_TRUTH_SEEDS", 20)
        return record.made(4, 1, lambda done, total, text: None)


def test_a_record_judged_again_gives_its_figures(few):
    again = json.loads(record.as_text(few))
    assert again == few
    assert record.figures(again) == few["figures"]
    counts = few["figures"]["coverage"]
    assert {kind: total for kind, (_, total) in counts.items()} == {
        **{"nothing": 9, "splits": 3, "something": 4},
    }
    assert few["figures"]["trainings"] > 4 * 100


def test_an_interrupted_command_goes_on(few):
    kept = []
    known = {"nothing": few["nothing"], "something": few["something"][:3]}
    known["truths"] = few["truths"]
    again = record.made(4, 1, lambda *_: None, known, kept.append)
    assert again == few and kept


def test_what_is_printed_says_the_counts(few):
    figures = few["figures"]
    said = told(figures)
    assert said[0].startswith(f"{figures['helped']} of 4 studies")
    assert len(said) == 2 + len(figures["coverage"])


def test_a_true_gain_is_what_the_loss_fell_by():
    found = rates.true_gain(np.full(3, 2.0), np.ones(3))
    assert found == pytest.approx([np.log(2), 0])


def test_without_stored_figures_nothing_is_told(monkeypatch, tmp_path):
    module = sys.modules[stored_figures.__module__]
    monkeypatch.setattr(module, "FIGURES", tmp_path / "none.json")
    assert stored_figures() is None
