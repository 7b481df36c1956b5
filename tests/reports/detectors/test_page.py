"""The page of detectors: what it says of made-up scores, and that it is safe."""

import copy
import json

import pytest
from gradclinic.reports import write_detectors_page, write_index
from gradclinic.reports.detectors.page import rated_of
from gradclinic.reports.detectors.sentences import opening
from gradclinic.reports.figures.rated import Rated, describe_rated, draw_rated

from .. import markup
from ..redrawn import redrawn


def score(severity, f1, tp=9, fn=1):
    return {
        "severity": severity,
        "counts": {"tp": tp, "fp": 2, "fn": fn, "tn": 30},
        "healthy": [1, 12],
        "precision": [9 / 11, 0.52, 0.95],
        "recall": [0.9, 0.6, 0.98],
        "f1": [f1, f1 / 2, min(1.0, 1.2 * f1)],
        "epochs": 4.5,
    }


def rule(maker, detector, unit, f1, **changed):
    scores = [score(s, f1) for s in ("mild", "clear", "severe", "all")]
    about = {key: f"{key} of {maker}" for key in ("rule", "source", "remark")}
    return {"maker": maker, "detector": detector, "unit": unit, **about} | {
        "scores": scores,
        **changed,
    }


def demand(detector, unit, best, **changed):
    about = {"detector": detector, "unit": unit, "best": best, "others": 1}
    return (
        about
        | {"asked": True, "reached": True, "better": True, "ties": False}
        | (changed)
    )


@pytest.fixture
def content():
    named = {"detector": "overfitting", "severity": "clear", "fired": [4, 5]}
    also = {"detector": "slow_training", "severity": "clear", "fired": [1, 5]}
    other = {"detector": "dead_relu", "severity": "clear", "fired": [2, 5]}
    return {
        "schema": 1,
        "kind": "detectors",
        "command": "gradclinic detectors",
        "seconds": 90.0,
        "machine": {},
        "settings": {
            "quick": False,
            "seed": 3,
            "groups": 5,
            "seeds": 6,
            "tuned": False,
        },
        "runs": 120,
        "patients": [
            {"name": "digits", "title": "Digits", "about": "Images.", "real": True}
        ],
        "twins": [{"name": "plain", "about": "The sound training."}],
        "troubles": [
            {
                "name": "overfitting",
                "title": "Few rows",
                "cause": "Rows are left out.",
                "unit": "rows",
                "shows": "overfitting",
                "twin": "plain",
                "strengths": {"mild": 4, "clear": 12, "severe": 24},
                "patients": ["digits"],
                "may_show": {"slow_training": "It may."},
                "absent": {"diabetes": "no classes."},
                "named": [named, also, other],
            }
        ],
        "rules": [
            rule("gradclinic", "overfitting", "run", 0.9),
            rule("skore", "overfitting", "run", 0.5),
            rule("gradclinic", "overfitting", "group", 0.8),
            rule("gradclinic", "slow_training", "group", 0.7),
            rule("gradclinic", "dead_relu", "group", 0.7),
            rule("skore", "overfitting", "group", 0.8),
        ],
        "demands": [
            demand("overfitting", "run", 0.5),
            demand("overfitting", "group", 0.8, reached=False, better=False, ties=True),
        ],
    }


def test_the_page_begins_with_what_is_not_reached(content):
    first, second = opening(content)
    assert first == (
        "At the clear strength 1 of 2 rules of ours reach a precision and a recall of"
        " 0.95. These do not: overfitting from several seeds."
    )
    assert second == (
        "Beside published rules on the same runs 1 of 2 have the highest F1. Equal:"
        " overfitting from several seeds (0.80, skore 0.80)."
    )
    content["demands"][1] |= {"ties": False}
    content["rules"][5]["scores"][1]["f1"][0] = 0.85
    content["settings"]["tuned"] = True
    assert opening(content)[1].endswith(
        "Behind: overfitting from several seeds (0.80, skore 0.85). These seeds set"
        " thresholds: what is claimed must hold on others."
    )


def test_the_picture_has_a_sign_for_each_rule(content):
    rated = rated_of(content)
    assert rated.raters == [
        "gradclinic, one run",
        "gradclinic, several seeds",
        "skore",
    ]
    assert rated.wanted == 0.95
    said = describe_rated(rated)
    assert "Overfitting: gradclinic, one run 0.90, skore 0.50" in said


def test_the_page_shows_all_and_is_made_again_alike(content, tmp_path):
    text = write_detectors_page(content, tmp_path).read_text()
    for said in ("4/5", "(1/5)", "0.90", "9 / 1", "2 of 32", "1 of 12", "4.5"):
        assert said in text, said
    assert "<b>4/5</b>" in text and text.count("<svg") == 1
    assert "Not on diabetes: no classes." in text and "4 mild, 12 clear" in text
    assert (tmp_path / "figures" / "detectors-f1.png").exists()
    assert json.loads((tmp_path / "detectors.json").read_text()) == content
    assert redrawn(tmp_path / "detectors.html") == text
    assert 'href="detectors.html"' in write_index([], tmp_path).read_text()


def test_markup_in_results_stays_text(content, tmp_path):
    spared = {"name", "kind", "unit", "severity", "detector", "shows", "maker"}
    evil = markup.marked(copy.deepcopy(content), spared)
    markup.check(write_detectors_page(evil, tmp_path), least=8)


def test_a_score_is_drawn_at_its_value_between_its_ends():
    rated = Rated("F1", ["a", "b"], [("x", {"b": (0.5, 0.2, 0.8)})], 0.95)
    (axes,) = draw_rated(rated).axes
    bar, point, wanted = axes.lines
    assert list(bar.get_xdata()) == [0.2, 0.8] and list(point.get_xdata()) == [0.5]
    assert bar.get_ydata()[0] == point.get_ydata()[0]
    assert point.get_markerfacecolor() == "white"  # the second of the raters
    assert set(wanted.get_xdata()) == {0.95} and axes.get_xlim() == (0, 1)


def test_names_of_detectors_are_written_as_people_do(content, tmp_path):
    content["troubles"][0]["may_show"] = {"dead_relu": "it is dead."}
    text = write_detectors_page(content, tmp_path).read_text()
    assert "May also show dead ReLU: it is dead." in text
    assert "Dead ReLU" in text and "dead relu" not in text
