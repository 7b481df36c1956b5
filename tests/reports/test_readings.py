"""What curves tell under the pointer: the drawn values, where they are drawn."""

import json
from math import isfinite, log10

import numpy as np
import pytest
from gradclinic.reports import write_scenario_page
from gradclinic.reports.figures import style
from gradclinic.reports.figures.picture import Picture
from gradclinic.reports.figures.readings import POINTS, readings_of, scales_of, tell
from gradclinic.reports.rendering import templates
from gradclinic.reports.words import number
from hypothesis import given, settings
from hypothesis import strategies as st

from . import drawn
from .scripted import data_of, plain

NASTY = st.one_of(
    st.sampled_from(
        [
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "\"quoted\" 'twice' \\ &amp; `${x}`",
            "two\nlines\r\n\u2028and\u2029more",
            "\u202ertl \u05d0\u05d1",
            "x" * 300,
            "]]>\x00",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
)


@pytest.fixture(scope="module")
def figures(all_results, tmp_path_factory):
    out = tmp_path_factory.mktemp("readings")

    def write():
        for result in all_results:
            write_scenario_page(result, out)

    return drawn.recorded(write)


def place(scale, value):
    """As the page's script finds it."""
    log, start, units, step = scale
    return units + step * ((log10(value) if log else value) - start)


def test_curves_are_told_and_rows_are_not(figures):
    told = {stem for stem, figure in figures.items() if readings_of(figure)}
    assert {
        "overfitting-curves-1",
        "divergence-plot-1",
        "slow_training-survival",
    } < told
    assert not any(stem.endswith(("-forest", "-strip")) for stem in told)


def test_every_told_point_lies_where_matplotlib_drew_it(figures):
    points = 0
    for figure in figures.values():
        panels = readings_of(figure)
        axes = list(dict.fromkeys(reading.line.axes for reading in figure.readings))
        for panel, drawn_in in zip(panels, axes, strict=True):
            for line in panel["lines"]:
                x, y = panel["xs"][line["x"]], line["y"]
                for pair in zip(x, y, strict=True):
                    ends = place(panel["x"], pair[0]), place(panel["y"], pair[1])
                    assert ends == pytest.approx(units(drawn_in, pair), abs=0.02)
                    points += 1
    assert points > 500


def units(axes, point):
    """Where matplotlib puts a point, in units from the upper left corner."""
    figure = axes.get_figure(root=True)
    left, bottom = axes.transData.transform(point) * 72 / figure.dpi
    return left, 72 * figure.get_figheight() - bottom


def test_the_box_of_a_panel_is_that_of_its_axes(figures):
    for figure in figures.values():
        for panel, reading in zip(readings_of(figure), figure.readings, strict=False):
            box = reading.line.axes.get_position()
            height, width = 72 * figure.get_figheight(), style.WIDTH
            corners = (box.x0, 1 - box.y1, box.x1, 1 - box.y0)
            wanted = [c * s for c, s in zip(corners, 2 * (width, height), strict=True)]
            assert panel["box"] == pytest.approx(wanted, abs=0.05)


def test_a_line_tells_its_name_its_values_and_its_band(figures, make_result):
    (panel,) = readings_of(figures["overfitting-curves-1"])
    (chart,) = make_result()["curves"]
    assert panel["label"] == chart["x_label"]
    assert [line["name"] for line in panel["lines"]] == [
        series["label"] for series in chart["series"]
    ]
    for line, series in zip(panel["lines"], chart["series"], strict=True):
        x = panel["xs"][line["x"]]
        assert len(x) == POINTS and (x[0], x[-1]) == (1, len(series["x"]))
        for name, column in (("y", "mid"), ("low", "low"), ("high", "high")):
            drawn_values = dict(zip(series["x"], series[column], strict=True))
            told = [number(value) for value in line[name]]
            assert told == [number(drawn_values[place]) for place in x]


def test_a_line_that_jumps_says_so(figures):
    (panel,) = readings_of(figures["slow_training-survival"])
    assert all(line["jumps"] for line in panel["lines"]) and panel["x"][0] == 1


def a_figure(label, x, y, scale="linear"):
    with style.drawing():
        figure, axes = style.canvas(200)
        (line,) = axes.plot(x, y)
        axes.set_yscale(scale)
        tell(line, label)
        figure.get_layout_engine().execute(figure)
    return figure


VALUES = st.floats(-1e80, 1e80) | st.just(None)


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=200), st.sampled_from(["linear", "log"]))
def test_any_values_are_told_as_the_page_would_write_them(values, scale):
    y = np.array([np.nan if v is None else v for v in values])
    y[(scale == "log") & ~(y > 0)] = np.nan
    figure = a_figure("a", np.arange(len(y)), y, scale)
    panels = readings_of(figure)
    json.dumps(panels, allow_nan=False)
    known = {k: float(v) for k, v in enumerate(y) if isfinite(v)}
    if not known:
        assert panels == []
        return
    (panel,), (_, down) = panels, scales_of(figure.axes[0])
    (line,) = panel["lines"]
    told = dict(zip(panel["xs"][0], line["y"], strict=True))
    assert set(told) <= set(known) and len(told) == min(len(known), POINTS)
    for k, value in told.items():
        assert number(value) == number(known[k])
        if scale == "linear" or value:
            assert down.at(value) == pytest.approx(down.at(known[k]), abs=0.3)


@settings(max_examples=60, deadline=None)
@given(NASTY, NASTY)
def test_no_name_ends_the_data_or_is_markup(name, axis):
    panel = {"label": axis, "lines": [{"name": name, "y": [1]}]}
    page = templates().from_string(
        "{% extends 'base.html' %}{% import 'pieces.html' as pieces %}"
        "{% block body %}{{ pieces.figure(picture, 'x') }}{% endblock %}"
    )
    text = page.render(picture=Picture("<svg></svg>", "a.png", "t", "c", [panel]))
    assert data_of(text) == [[panel]]
    assert "alert" not in plain(text)


def test_a_page_without_curves_has_no_data(make_result, tmp_path):
    text = write_scenario_page(make_result("nothing"), tmp_path).read_text()
    assert data_of(text) == [] and '<div class="curves">' not in plain(text)
