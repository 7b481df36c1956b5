"""Two fixes at once: which are tried, and whether their effects add up."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from gradclinic.bench.execution.record import Run
from gradclinic.bench.studies.evidence import BASELINE, Evidence
from gradclinic.bench.studies.pairs import pair_tasks, pairs_content
from gradclinic.bench.studies.question import Question
from gradclinic.reports.pairs import pair_rows
from gradclinic.scenarios import SCENARIOS

SCENARIO = SCENARIOS["overfitting"]
FIXES = {fix.name: fix.at(fix.doses.usual) for fix in SCENARIO.fixes}
SEEDS = range(8)


def found(name, low, verdict="relieved", **changes):
    return {
        "name": name,
        "role": "fix",
        "verdict": verdict,
        "guardrail": None,
        "low": low,
    } | changes


def asked(*names, tuning=(999,)):
    scenario = replace(SCENARIO, fixes=tuple(FIXES[name] for name in names))
    return Question(scenario, (0, 1, 2), (), tuning=tuning)


ALL = ("dropout", "l2", "pca", "more_data", "ensemble")


def test_the_best_four_are_tried_in_all_pairs():
    judged = [found(name, low) for low, name in enumerate(ALL)]
    tasks = pair_tasks(asked(*ALL), judged)
    names = {task.condition.fix for task in tasks}
    assert len(tasks) == len(names) == 6
    assert not any("dropout" in name for name in names)  # the weakest of five
    (both,) = (t for t in tasks if t.condition.fix == "ensemble + more_data")
    trial = both.condition.trial
    assert trial.members == 5 and trial.data.rows == 4 * SCENARIO.baseline.data.rows
    assert {task.seeds for task in tasks} == {(0, 1, 2)}
    assert {task.condition.role for task in tasks} == {"pair"}


def test_what_does_not_help_without_harm_is_no_part_of_a_pair():
    judged = [
        found("dropout", 0.1),
        found("l2", 0.2, guardrail="It harms."),
        found("pca", 0.3, "worse"),
        found("ensemble", 0.4, role="positive"),
    ]
    assert pair_tasks(asked(*ALL), judged) == []


EVERY = [question for s in SCENARIOS.values() for question in (s, *s.parts)]


def deep(trial):
    return bool(trial.hidden or trial.layers)


@pytest.mark.parametrize("scenario", EVERY, ids=lambda scenario: scenario.name)
def test_all_fixes_of_a_scenario_can_be_asked_for_in_pairs(scenario):
    for names in combinations([fix.name for fix in scenario.fixes], 2):
        judged = [found(name, 0.1) for name in names]
        for task in pair_tasks(Question(scenario, (0,), (), tuning=(9,)), judged):
            assert deep(task.condition.trial) or not deep(scenario.baseline)


def test_a_fix_that_replaces_what_the_other_needs_is_no_pair():
    question = Question(SCENARIOS["vanishing_gradient"], (0,), (), tuning=(9,))
    for other in ("batch_norm", "layer_norm", "fewer_layers"):
        judged = [found("residual", 0.1), found(other, 0.2)]
        assert pair_tasks(question, judged) == []


def test_fixes_that_set_the_same_thing_are_no_pair():
    judged = [found("l2", 0.1), found("elastic_net", 0.2)]
    scenario = asked("l2", "elastic_net")
    assert pair_tasks(scenario, judged) == []


def test_a_quick_look_tries_no_pairs():
    judged = [found("dropout", 0.1), found("l2", 0.2)]
    assert len(pair_tasks(asked(*ALL), judged)) == 1
    assert pair_tasks(asked(*ALL, tuning=()), judged) == []


def runs(role, gain, noise):
    """Runs whose loss is lower than the baseline's by a factor exp(gain)."""
    base = np.exp(0.3 * np.sin(np.arange(len(SEEDS))))
    return {
        s: Run("k", "s", "f", role, s, values={"test_loss": float(base[s] / np.exp(g))})
        for s, g in zip(SEEDS, gain + noise * np.cos(5 * np.arange(8)), strict=True)
    }


def evidence(both, noise=0.001):
    sides = {
        (BASELINE, BASELINE): runs("baseline", 0.0, 0.0),
        ("fix", "dropout"): runs("fix", 0.2, noise),
        ("fix", "l2"): runs("fix", 0.3, noise),
    }
    scenario = asked("dropout", "l2").scenario
    pairs = {"dropout + l2": runs("pair", both, 2 * noise)}
    return Evidence(scenario, sides, pairs=pairs)


@pytest.mark.parametrize(
    ("both", "noise", "reading"),
    [
        (0.5, 0.001, "adds up"),
        (0.3, 0.001, "cancels"),
        (0.8, 0.01, "helps the other"),
        (0.5, 2.0, "adds up"),  # the noise of the pair is that of both
    ],
)
def test_the_interaction_is_what_both_do_beyond_each(both, noise, reading):
    (pair,) = pairs_content(evidence(both, noise))
    assert pair["reading"] == reading and pair["n"] == 8
    if noise < 1:
        assert pair["apart"][0] == pytest.approx(np.exp(-0.5), rel=0.02)
        assert pair["together"][0] == pytest.approx(np.exp(-both), rel=0.02)
        assert pair["interaction"][0] == pytest.approx(np.exp(0.5 - both), rel=0.02)
    for three in ("together", "apart", "interaction"):
        value, low, high = pair[three]
        assert low <= value <= high


def test_wide_scatter_is_undecided():
    case = evidence(0.5)
    case.pairs["dropout + l2"] = runs("pair", 0.5, 0.4)
    (pair,) = pairs_content(case)
    assert pair["reading"] == "undecided"


def test_a_pair_that_diverged_has_no_interaction():
    case = evidence(0.5)
    lost = replace(case.pairs["dropout + l2"][0], status="diverged")
    case.pairs["dropout + l2"][0] = lost
    assert pairs_content(case) == []


def test_the_page_says_when_both_beat_each():
    (pair,) = pairs_content(evidence(0.5))
    alone = {"dropout": np.exp(-0.2), "l2": np.exp(-0.3)}
    fixes = [
        {
            "name": name,
            "role": "fix",
            "verdict": "relieved",
            "label": name,
            "low": 0.1,
            "effect": {"kind": "ratio", "ratio": [value, value, value]},
        }
        for name, value in alone.items()
    ]
    metric = vars(SCENARIO.metric)
    (row,) = pair_rows({"pairs": [pair], "fixes": fixes, "metric": metric})
    assert row.labels == "“Dropout” and “L2 penalty”"
    assert row.together.startswith("×0.61 (")
    assert row.reading == "They add up. Surely better than either alone."
