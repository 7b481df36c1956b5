"""The page of logged curves: what it says, that it is safe and always the same."""

import copy

import pytest
from gradclinic.reports import write_curves_page

from . import markup
from .redrawn import redrawn

SIGN = {
    "name": "relative gap",
    "value": 4.17,
    "low": 3.8,
    "high": 4.6,
    "threshold": 0.1,
    "comparison": ">",
    "unit": "",
    "fires": True,
    "refuted": False,
}
PLOT = {
    "kind": "line",
    "title": "Loss",
    "sentence": "The training curve has 2 values that are not finite.",
    "x_label": "epoch",
    "y_label": "loss",
    "x_scale": "linear",
    "y_scale": "log",
    "series": [{"label": "training", "x": [0, 1, 2], "y": [1.0, 0.1, None]}],
}


@pytest.fixture
def content():
    found = {
        "trouble": "overfitting",
        "title": "Overfitting",
        "verdict": "found",
        "sentence": "Far better on training rows.",
        "next_step": "Stop early. `gradclinic run overfitting` measures it.",
        "signs": [SIGN, SIGN | {"value": None, "low": None, "fires": False}],
    }
    quiet = {"verdict": "not found", "next_step": "", "signs": []}
    open_ = {"verdict": "cannot tell", "next_step": "", "signs": []}
    return copy.deepcopy(
        {
            "schema": 1,
            "kind": "curves",
            "command": "gradclinic diagnose --curves log.csv",
            "source": {
                "name": "log.csv",
                "layout": "Keras CSVLogger",
                "unit": "epoch",
                "curves": [{"curve": "train_loss", "column": "loss", "evaluations": 3}],
                "notes": ["Rows are counted."],
            },
            "verdict": "overfitting",
            "sentence": "Far better on training rows.",
            "troubles": [
                found,
                found | quiet | {"trouble": "divergence", "title": "Divergence"},
                found | open_ | {"trouble": "underfitting", "title": "Underfitting"},
            ],
            "needs": [
                {"trouble": "dead_relu", "title": "Dead ReLU", "log": "the units"}
            ],
            "plots": [PLOT],
        }
    )


def test_the_page_says_what_was_found(content, tmp_path):
    page = write_curves_page(content, tmp_path / "curves.html")
    text = page.read_text(encoding="utf-8")
    for said in (
        "<h1>Overfitting</h1>",
        "<span>gradclinic</span> <span>run</span> <span>overfitting</span>",
        "<b>Relative gap: 4.17 (3.8 to 4.6)</b>",
        "alarm above 0.1",
        "Relative gap: –",
        "cannot tell",
        "<bdi>loss</bdi>: 3 values",
        "Rows are counted.",
        "The units",
    ):
        assert said in text
    assert text.count("<svg") == 1 and len(text) < 10**6


def test_without_a_trouble_it_says_so(content, tmp_path):
    text = write_curves_page(
        content | {"verdict": "healthy"}, tmp_path / "a.html"
    ).read_text(encoding="utf-8")
    assert "<h1>No trouble found</h1>" in text and 'href="a.json"' in text


def test_strings_of_a_user_stay_text(content, tmp_path):
    spared = {"kind", "verdict", "trouble", "comparison", "x_scale", "y_scale", "unit"}
    marked = markup.marked(content, spared)
    markup.check(write_curves_page(marked, tmp_path / "curves.html"), 10)


def test_the_same_content_gives_the_same_bytes(content, tmp_path):
    page = write_curves_page(content, tmp_path / "curves.html")
    assert page.read_text() == redrawn(page)
