"""What the index says of a limited time, and of how often the verdicts err."""

import pytest
from gradclinic.reports import write_index
from gradclinic.reports.budget import left_out
from gradclinic.reports.trust import trust

from .conftest import overfitting

RULE = "In the order given."
BUDGET = {
    "seconds": 120,
    "used": 110.0,
    "cores": 2,
    "rule": RULE,
    "ran": [
        {"scenario": "overfitting", "preset": "quick", "forecast": 40, "seconds": 41},
        {"scenario": "divergence", "preset": "full", "forecast": 20, "seconds": 21},
    ],
    "left_out": [
        {
            "scenario": "underfitting",
            "title": "Underfitting",
            "quick": 31.2,
            "full": 80,
        },
        {"scenario": "dead_relu", "title": "Dead ReLU", "quick": 15, "full": 25},
    ],
}
FIGURES = {
    "studies": 200,
    "helped": 4,
    "worse": 1,
    "unfair": 30,
    "trainings": 38000,
    "coverage": {"nothing": [426, 450], "splits": [149, 150], "something": [190, 200]},
    "command": "python -m simulate",
}


def a_result(name="overfitting", **changes):
    return overfitting() | {"scenario": name} | changes


def test_without_a_limit_nothing_is_said():
    assert left_out([a_result()]) is None and left_out([]) is None


def test_what_was_left_out_is_said_with_what_it_needs():
    said = left_out([a_result(budget=BUDGET)])
    assert "within 2 min: 2 scenarios, 1 as a quick look." in words_of(said)
    assert "Underfitting (about 31 s) and Dead ReLU (about 15 s)" in words_of(said)
    assert RULE in said and "The same command goes on with them." in said


def test_what_was_run_since_is_no_longer_left_out():
    later = a_result("underfitting", created="2027-01-01T00:00:00Z")
    said = left_out([a_result(budget=BUDGET), later])
    assert "Underfitting" not in said and "Dead ReLU" in said
    said = left_out([a_result(budget=BUDGET), later, a_result("dead_relu")])
    assert "Left out" not in said and said.endswith(RULE)


def test_the_last_run_within_a_time_counts():
    last = BUDGET | {"seconds": 60, "ran": BUDGET["ran"][:1], "left_out": []}
    results = [
        a_result(budget=BUDGET, created="2026-01-01T00:00:00Z"),
        a_result("divergence", budget=last, created="2026-01-02T00:00:00Z"),
    ]
    assert "within 60 s: 1 scenario, 1 as a quick look." in words_of(left_out(results))


def test_a_scenario_that_ran_whole_behind_its_quick_look_counts_once():
    looked, whole = (
        {"scenario": "overfitting", "preset": preset, "forecast": 1.0, "seconds": 1.0}
        for preset in ("quick", "full")
    )
    budget = BUDGET | {"ran": [looked, whole], "left_out": []}
    said = words_of(left_out([a_result(budget=budget)]))
    assert "1 scenario." in said and "quick look" not in said.split(".")[0]


def test_the_errors_of_the_verdicts_are_told():
    first, unfair, held = map(words_of, trust(FIGURES))
    assert "200 simulated studies in which no fix does anything: 4 (2 %)" in first
    assert "38,000 networks" in first
    assert "30 (15 %) would have" in unfair
    assert "94.7 % of 450 hold the truth" in held and "95 % of 200" in held
    assert trust(None) == []


@pytest.mark.usefixtures("unpainted")
def test_the_index_says_both(tmp_path):
    page = write_index([a_result(budget=BUDGET)], tmp_path, FIGURES)
    text = words_of(page.read_text(encoding="utf-8"))
    assert "How often the verdicts err" in text and "simulate" in text
    assert "Left out, with the time of a quick look" in text
    page = write_index([a_result()], tmp_path)
    text = page.read_text(encoding="utf-8")
    assert "verdicts err" not in text and "Left out" not in text


def words_of(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")
