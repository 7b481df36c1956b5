"""The page of seven decades: what it says of made-up results, and that it is safe."""

import copy
import json

import numpy as np
import pytest
from gradclinic.reports import write_history_page, write_index
from gradclinic.reports.figures.squares import describe_squares, draw_squares
from gradclinic.reports.history.tables import families, published, rows, single

from .. import markup
from ..redrawn import redrawn

ACCURATE = {
    "task": "curves",
    "parameters": 1234,
    "values": [0.9, 0.98],
    "mean": 0.94,
    "low": 0.85,
    "high": 1.03,
    "seconds": 1.5,
    "statuses": ["ok", "ok"],
    "curve": [0.5],
}
ADDED = ACCURATE | {"task": "adding", "mean": 0.0123, "low": 0.01, "high": 0.0146}
LOST = ADDED | {"values": [0.1, None], "mean": None, "low": None, "high": None}


PLOT = {
    "kind": "line",
    "title": "A line",
    "sentence": "It falls.",
    "x_label": "layer",
    "y_label": "gradient",
    "x_scale": "linear",
    "y_scale": "log",
    "series": [{"label": "plain", "x": [1, 2], "y": [1.0, 0.1]}],
    "verticals": [{"label": "a mark", "x": 2}],
}
PLANE = {
    "kind": "squares",
    "title": "A plane",
    "sentence": "It is.",
    "low": 0.0,
    "high": 1.0,
    "panels": [{"label": f"P{k}", "values": [[0.0, 1.0], [0.5, 0.0]]} for k in "ab"],
    "marks": [{"x": 0.25, "y": 0.75, "text": "a corner"}],
}


def system(name, picture, *results):
    about = {key: f"{key} of {name}" for key in ("source", "idea", "mended")}
    head = {"name": name, "title": f"Title {name}", "year": "1958"}
    return head | about | {"results": list(results), "picture": picture}


def task(name, measure, family="", length=None, **published):
    about = {"summary": f"About {name}.", "source": f"Source of {name}"}
    head = {"name": name, "title": f"Task {name}", "measure": measure}
    kin = {"family": family, "length": length, "remark": f"Remark on {name}."}
    return head | about | kin | {"published": published}


@pytest.fixture
def content():
    return {
        "schema": 2,
        "kind": "history",
        "command": "gradclinic history",
        "seconds": 90.0,
        "machine": {},
        "settings": {"quick": False, "seed": 0},
        "tasks": [
            task("curves", "accuracy", b=0.68),
            task("adding", "mse"),
            task("long", "accuracy", "recall", 50),
            task("short", "accuracy", "recall", 10),
        ],
        "systems": [
            system("a", PLOT, ADDED),
            system("b", PLANE, ACCURATE, LOST),
            system("c", PLANE, ACCURATE | {"task": "long"}),
        ],
        "plots": [PLOT],
    }


def test_a_cell_says_value_interval_and_what_it_took(content):
    (_, first), (_, second) = rows(content, single(content))
    assert first[0] is None
    assert first[1]["value"] == "0.0123" and "0.0146" in first[1]["interval"]
    assert second[0]["value"] == "94.0 %"
    assert second[0]["interval"] == "85.0 to 100.0"
    assert second[0]["took"].startswith("1,234 parameters, 1.5")
    assert second[0]["took"].endswith("2 seeds") and second[0]["seeds"] == 2
    assert second[1]["value"] == "1 diverged" and not second[1]["interval"]


def test_the_tasks_of_a_family_are_a_table_by_length(content):
    ((tasks, lines),) = families(content)
    assert [each["name"] for each in tasks] == ["short", "long"]
    ((found, cells),) = lines
    assert found["name"] == "c" and cells[0] is None and cells[1]["value"] == "94.0 %"


@pytest.mark.parametrize(
    ("theirs", "near"),
    [(0.92, "yes, +2"), (0.97, "yes, −3"), (0.68, "no, +26"), (0.98, "no, −4")],
)
def test_published_numbers_stand_beside_ours(content, theirs, near):
    content["tasks"][0]["published"] = {"b": theirs}
    ((found, lines),) = published(content)
    assert found["name"] == "curves"
    shown = [(title, said, how) for title, _, said, how in lines]
    assert shown == [("Title b", f"{100 * theirs:.0f} %", near)]


def test_a_published_number_beside_none_of_ours_is_not_judged(content):
    content["tasks"][1]["published"] = {"b": 0.1}
    (_, (_, ((_, _, _, near),))) = published(content)
    assert near == "–"


def test_the_page_has_all_of_it_and_its_numbers(content, tmp_path):
    text = write_history_page(content, tmp_path).read_text()
    for said in ("Title a", "mended of b", "source of a", "About adding.", "A plane"):
        assert said in text
    assert "Task short by what is to be kept" in text and "no, +26" in text
    assert text.count("<svg") == 4
    for stem in ("a", "b", "c", "plot-1"):
        assert (tmp_path / "figures" / f"history-{stem}.png").exists()
    assert json.loads((tmp_path / "history.json").read_text()) == content
    assert redrawn(tmp_path / "history.html") == text
    assert 'href="history.html"' in write_index([], tmp_path).read_text()


def test_a_page_of_one_family_alone_has_no_empty_table(content, tmp_path):
    content["tasks"] = content["tasks"][2:]
    text = write_history_page(content, tmp_path).read_text()
    assert "What they reach" not in text and "by what is to be kept" in text


def test_markup_in_results_stays_text(content, tmp_path):
    spared = {"name", "measure", "kind", "x_scale", "y_scale", "task", "family"}
    evil = markup.marked(copy.deepcopy(content), spared)
    markup.check(write_history_page(evil, tmp_path), least=20)


@pytest.mark.parametrize("side", [2, 17])
def test_squares_stand_as_given_on_one_scale(side):
    values = np.zeros((side, side))
    values[0, -1] = 3.0  # the upper right corner
    panels = [
        {"label": "P", "values": values.tolist()},
        {"label": "Q", "values": values},
    ]
    marks = [{"x": 0.25, "y": 0.75, "text": "left above"}]
    picture = {"low": -1.0, "high": 3.0, "panels": panels, "marks": marks}
    figure = draw_squares(picture)
    said = describe_squares(picture | {"title": "T"})
    assert f"row 1, column {side}" in said and "left above" in said
    axes = figure.axes
    assert [each.get_title() for each in axes] == ["P", "Q"]
    for each in axes:
        (drawn,) = each.collections
        (word,) = each.texts
        assert word.get_position() == (0.25, 0.75) and word.get_text() == "left above"
        assert drawn.get_clim() == (-1.0, 3.0) and drawn.get_cmap().name == "Blues"
        if side == 2:
            got = np.asarray(drawn.get_array()).reshape(side, side)
            np.testing.assert_array_equal(got, values[::-1])  # rows run upwards
        else:
            darkest = drawn.get_paths()[-1].vertices
            assert (darkest.min(axis=0) >= side - 2).all()
        assert not each.yaxis_inverted() and not each.xaxis_inverted()
