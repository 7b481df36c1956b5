"""The pictures of the study, at their edges: nothing finite, zeros, many lines."""

import pytest
from gradclinic.reports.figures.grid import describe_grid, draw_grid
from gradclinic.reports.figures.highlighted import (
    Chart,
    Curve,
    describe_highlighted,
    draw_highlighted,
)
from gradclinic.reports.figures.looks import COLOURS, DASHES, MARKERS, look
from gradclinic.reports.figures.paths import describe_paths, draw_paths
from gradclinic.reports.figures.picture import Place, publish
from gradclinic.reports.figures.ranges import (
    Mark,
    Ranges,
    describe_ranges,
    draw_ranges,
)
from gradclinic.reports.optimizers.verdicts import VERDICTS

from .. import drawn

X = [1, 2, 3, 4]
CHARTS = {
    "nothing finite": [Curve("a", X, [None] * 4, look=0)],
    "one point": [Curve("a", [1], [0.5], [0.4], [0.6], look=0)],
    "zeros on a log axis": [Curve("a", X, [0.0, 1.0, 0.0, 2.0], look=0)],
    "an endless band": [Curve("a", X, X, [1, 1, 1, 1], [None, 9, None, 9], look=1)],
    "only grey": [Curve(f"g{k}", X, [k + 1] * 4) for k in range(30)],
    "all looks": [Curve(f"c{k}", X, [k + 1] * 4, look=k) for k in range(8)],
    "dollars": [Curve("$x$ & <b>", X, X, look=0)],
}


def published(draw, words, tmp_path):
    place = Place("picture", tmp_path, "gradclinic optimizers")
    return publish(draw, place, words, ("Title", ""))


@pytest.mark.parametrize("curves", CHARTS.values(), ids=CHARTS)
@pytest.mark.parametrize("limits", [None, (0.5, 3.0)], ids=["free", "cut"])
def test_any_lines_can_be_drawn(curves, limits, tmp_path):
    chart = Chart("x", "y", curves, levels=(("target", 2.0),), limits=limits)
    words = describe_highlighted(chart)
    picture = published(lambda: draw_highlighted(chart), words, tmp_path)
    assert "target: 2" in picture.svg and (tmp_path / picture.png).is_file()
    assert "nan" not in picture.svg


def test_lines_are_described_and_grey_ones_counted():
    chart = Chart("steps", "loss", [*CHARTS["all looks"][:1], *CHARTS["only grey"]])
    words = describe_highlighted(chart)
    assert "c0: from 1 to 1." in words and "30 more lines are grey." in words


def test_looks_differ_in_every_way():
    assert len(COLOURS) == len(DASHES) == len(MARKERS) == 8
    for kinds in (COLOURS, DASHES, MARKERS):
        assert len(set(kinds)) == 8
    assert look(8) == look(0)


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_intervals_may_be_missing_zero_or_endless(scale, tmp_path):
    rows = [
        ("known", [Mark(2.0, 1.0, 3.0)]),
        ("missed", [Mark(None, None, None)]),
        ("endless", [Mark(2.0, 0.5, None, 1)]),
        ("zero", [Mark(0.0, 0.0, 0.0)]),
    ]
    ranges = Ranges("times", rows, scale=scale, line=1.0, names=("a", "b"))
    words = describe_ranges(ranges)
    assert "a 2 (1 to 3)" in words and "none" in words and "to no bound" in words
    picture = published(lambda: draw_ranges(ranges), words, tmp_path)
    assert "missed" in picture.svg and "nan" not in picture.svg


def test_nothing_but_misses_can_be_drawn(tmp_path):
    ranges = Ranges("times", [("a", [Mark(None, None, None)])], scale="log")
    (axes,) = draw_ranges(ranges).axes
    assert list(drawn.ticks(axes, "y")) == ["a"] and not axes.lines
    words = describe_ranges(ranges)
    assert words == "Values with intervals of times. a: none."
    assert published(lambda: draw_ranges(ranges), words, tmp_path).svg


def test_the_grid_has_a_sign_a_pair(tmp_path):
    rows = [("AdamW", ["first", None, "missed"]), ("SGD", [*list(VERDICTS)[1:4]])]
    columns = ["wine", "spiral", "digits MLP"]
    words = describe_grid(rows, columns)
    assert "AdamW: wine first, digits MLP missed; SGD: wine within 2×" in words
    picture = published(lambda: draw_grid(rows, columns, VERDICTS), words, tmp_path)
    assert all(name in picture.svg for name in (*columns, "AdamW", *VERDICTS))


@pytest.mark.parametrize("count", [1, 2, 7])
def test_paths_of_any_number_of_functions(content, count, tmp_path):
    (function,) = content["surfaces"]["functions"]
    run = content["surfaces"]["paths"]["rmsprop"][0]
    functions, runs = [function] * count, [run] * count
    words = describe_paths(functions, runs, 400)
    assert words.count("Bowl: near the minimum after 20 gradients") == count
    paths = [r["path"] for r in runs]
    picture = published(lambda: draw_paths(functions, paths), words, tmp_path)
    assert picture.svg.count("Bowl</text>") == count
