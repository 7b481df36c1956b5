"""The page of published results: what it says of made-up ones, and that it is safe."""

import copy
import json

import pytest
from gradclinic.reports import write_index, write_published_page
from gradclinic.reports.published.page import rows

from .. import markup
from ..redrawn import redrawn

PLOT = {
    "kind": "line",
    "title": "A line",
    "sentence": "It falls.",
    "x_label": "columns",
    "y_label": "risk",
    "x_scale": "log",
    "y_scale": "log",
    "series": [{"label": "exact", "x": [1, 2], "y": [1.0, 0.1]}],
    "verticals": [{"label": "rows", "x": 2}],
}


def figure(**changed):
    return {
        "name": "a",
        "label": "Figure A",
        "unit": "",
        "middle": "mean",
        "published": [0.25, 0.25],
        "slack": 0.05,
        "claim": "",
        "value": 0.251,
        "low": 0.24,
        "high": 0.262,
        "values": [0.24, 0.262],
        "holds": True,
    } | changed


def result(name, *figures, plot=None):
    about = {key: f"{key} of {name}" for key in ("title", "setup", "source", "remark")}
    return {"name": name, **about, "seeds": 2, "figures": list(figures), "plot": plot}


@pytest.fixture
def content():
    never = figure(label="Never", published=[None, None], claim="never")
    never |= {"value": None, "low": None, "high": None}
    share = figure(label="Share", unit="%", published=[0.98, 0.99], holds=False)
    return {
        "schema": 1,
        "kind": "published",
        "command": "gradclinic published",
        "seconds": 90.0,
        "machine": {},
        "settings": {"quick": False, "seed": 0},
        "results": [result("one", figure(), plot=PLOT), result("two", never, share)],
    }


def test_rows_say_theirs_ours_and_whether_it_is_met(content):
    ((label, theirs, ours, interval, met),) = rows(content["results"][0])
    assert (label, theirs, ours, met) == ("Figure A", "0.25", "0.251", "yes")
    assert interval == "0.24 to 0.262"
    never, share = rows(content["results"][1])
    assert never[1:4] == ("never", "never", "never")
    assert share[1] == "98.0 % to 99.0 %" and share[4] == "no"


def test_the_page_counts_what_is_met_and_shows_all(content, tmp_path):
    text = write_published_page(content, tmp_path).read_text()
    assert "1 of 2 published figures and 1 of 1 claim are met." in text
    for said in ("title of one", "setup of two", "source of two", "remark of one"):
        assert said in text
    assert text.count("<svg") == 1
    assert (tmp_path / "figures" / "published-one.png").exists()
    assert json.loads((tmp_path / "published.json").read_text()) == content
    assert redrawn(tmp_path / "published.html") == text
    assert 'href="published.html"' in write_index([], tmp_path).read_text()


def test_markup_in_results_stays_text(content, tmp_path):
    spared = {"name", "kind", "x_scale", "y_scale", "middle", "unit"}
    evil = markup.marked(copy.deepcopy(content), spared)
    markup.check(write_published_page(evil, tmp_path), least=10)
