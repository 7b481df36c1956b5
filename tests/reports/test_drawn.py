"""What the pictures of scenarios show, read back from the drawn axes."""

from math import log

import pytest
from gradclinic.reports import write_index, write_scenario_page
from gradclinic.reports.effect import gains
from gradclinic.reports.figures.curves import draw_curves, first_end
from gradclinic.reports.figures.forest import draw_forest
from gradclinic.reports.figures.lines import draw_lines
from gradclinic.reports.figures.strip import draw_strip
from gradclinic.reports.verdicts import VERDICTS, remedies
from matplotlib.colors import same_color

from . import drawn

CHECKS = ("*-curves-?", "*-forest", "*-plot-?", "*-strip", "*-survival")


@pytest.fixture(scope="module")
def results(all_results):
    return {result["scenario"]: result for result in all_results}


@pytest.fixture(scope="module")
def figures(results, tmp_path_factory):
    out = tmp_path_factory.mktemp("drawn")

    def write():
        for result in results.values():
            write_scenario_page(result, out)
        write_index(list(results.values()), out)

    return drawn.recorded(write)


def test_every_picture_is_looked_at(figures):
    assert drawn.unmatched(figures, CHECKS) == []


def test_curves_are_on_a_log_axis_in_their_unit(figures, results):
    for stem, figure in drawn.of(figures, "*-curves-1"):
        (axes,), (chart,) = figure.axes, results[stem[: -len("-curves-1")]]["curves"]
        assert drawn.frame(axes) == (
            "linear",
            "log",
            chart["x_label"],
            chart["y_label"],
        )
        found = drawn.series(figure, axes)
        assert list(found) == [series["label"] for series in chart["series"]]
        filled = drawn.bands(axes)
        for place, series in enumerate(chart["series"]):
            x, y = found[series["label"]]
            assert (x[:3], y[:3]) == (series["x"][:3], series["mid"][:3])
            colour, ends = filled[place]
            handle = drawn.legend(figure)[series["label"]]
            assert same_color(colour[:3], handle.get_color())
            assert ends[2.0] == pytest.approx((series["low"][1], series["high"][1]))


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_the_scale_of_a_chart_is_the_one_it_asks_for(make_result, scale):
    (chart,) = make_result()["curves"]
    (axes,) = draw_curves(chart | {"y_scale": scale}).axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", scale)


@pytest.mark.parametrize("x_scale", ["log", "linear"])
@pytest.mark.parametrize("y_scale", ["log", "linear"])
def test_lines_are_on_the_scales_they_ask_for(x_scale, y_scale):
    series = [
        {"label": "a", "x": [1, 2, 3], "y": [5.0, 6.0, 7.0]},
        {"label": "b", "x": [1, 2, 3], "y": [9.0, 8.0, None]},
    ]
    plot = {"series": series, "x_label": "width (units)", "y_label": "loss (nats)"}
    plot |= {"x_scale": x_scale, "y_scale": y_scale}
    figure = draw_lines(plot | {"verticals": [{"label": "here", "x": 2.5}]})
    (axes,) = figure.axes
    assert drawn.frame(axes) == (x_scale, y_scale, "width (units)", "loss (nats)")
    found = drawn.series(figure, axes)
    assert found["a"] == ([1, 2, 3], [5, 6, 7])
    assert found["b"][1][:2] == [9, 8] and len(found) == 3
    assert drawn.verticals(axes) == [2.5] and "here: 2.5" in found


def test_the_plots_of_a_page_show_their_numbers(figures, results):
    ((_, figure),) = drawn.of(figures, "divergence-plot-1")
    (plot,), (axes,) = results["divergence"]["plots"], figure.axes
    assert drawn.frame(axes) == ("log", "linear", plot["x_label"], plot["y_label"])
    (series,) = plot["series"]
    assert drawn.series(figure, axes)["measured"] == (series["x"], series["y"])
    assert drawn.verticals(axes) == [line["x"] for line in plot["verticals"]]


def plain(name):
    return " ".join(name.split())


def rows_of(axes):
    """{name: y} of the names beside the grid."""
    return {plain(name): y for name, y in drawn.ticks(axes, "y").items()}


def sign_of(fix, y):
    """Where and how a fix is drawn: x, row, marker, colour, face."""
    verdict = VERDICTS[fix["verdict"]]
    face = verdict.colour if verdict.filled else "white"
    return pytest.approx(fix["gain"]), y, verdict.marker, verdict.colour, face


def forests(figures, results):
    everything = [a for r in results.values() for a in (r, *r["parts"])]
    for answer in everything:
        known = [fix for fix in remedies(answer) if fix["gain"] is not None]
        if known:
            yield answer, known, figures[f"{answer['scenario']}-forest"]


def test_in_a_forest_better_is_to_the_right(figures, results):
    found = list(forests(figures, results))
    assert len(found) == 3
    for answer, _, figure in found:
        (axes,) = figure.axes
        assert axes.get_xlabel().split("\N{EM SPACE}" * 4) == ["← worse", "better →"]
        low, high = axes.get_xlim()
        assert low < -answer["delta"] < 0 < answer["delta"] < high
        assert axes.yaxis_inverted() and axes.get_xscale() == "linear"
        places = drawn.ticks(axes, "x")
        assert places["×1"] == 0 and len(places) >= 4
        for label, place in places.items():
            assert place == pytest.approx(-log(ratio_of(label)), abs=1e-6)


def ratio_of(label):
    """×0.5 or ×10⁻³ as a number."""
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    said = label.removeprefix("×")
    if said.startswith("10") and said != said.translate(digits):
        return 10.0 ** int(said[2:].translate(digits))
    return float(said)


def test_a_forest_has_a_sign_and_both_intervals_a_fix(figures, results):
    for _, fixes, figure in forests(figures, results):
        (axes,) = figure.axes
        found = {(round(s[1], 6), s[2]): s for s in drawn.signs(axes)}
        intervals, names = drawn.spans(axes), rows_of(axes)
        places = [names[fix["label"]] for fix in fixes]
        assert places == sorted(places)
        for fix, y in zip(fixes, places, strict=True):
            wanted = sign_of(fix, y)
            assert found[round(y, 6), wanted[2]] == wanted
            thin, thick = sorted(intervals[round(y, 6)], key=lambda span: span[2])
            limits = axes.get_xlim()
            high = limits[1] if fix["high"] is None else min(fix["high"], limits[1])
            assert thin[:2] == pytest.approx((max(fix["low"], limits[0]), high))
            assert thick[:2] == pytest.approx((fix["low90"], fix["high90"]))


def test_names_stand_beside_the_grid_which_no_line_crosses(figures, results):
    for _, _, figure in forests(figures, results):
        (axes,) = figure.axes
        figure.canvas.draw()
        inside = axes.get_window_extent()
        for label in axes.get_yticklabels():
            assert label.get_window_extent().x1 <= inside.x0
        assert not any(line.get_visible() for line in axes.get_ygridlines())


def test_every_seed_is_a_dot_in_the_row_of_its_fix(figures, results):
    for answer, fixes, figure in forests(figures, results):
        (axes,) = figure.axes
        low, high = axes.get_xlim()
        dots = [d.get_offsets() for d in axes.collections if len(d.get_offsets())]
        for fix in fixes:
            y = rows_of(axes)[fix["label"]]
            below = [d for d in dots if 0 < d[0, 1] - y < 20]
            ((_, *_),) = [below[0].shape]
            wanted = [min(max(g, low), high) for g in gains(fix, answer["metric"])]
            assert below[0][:, 0].tolist() == pytest.approx(wanted)


def test_a_seed_that_missed_lies_at_the_edge(figures):
    (axes,) = figures["slow_training-forest"].axes
    edges = [
        dots.get_offsets()[0, 0]
        for dots in axes.collections
        if len(dots.get_offsets()) and dots.get_offsets()[0, 0] == axes.get_xlim()[0]
    ]
    assert len(edges) == 2  # a schedule, and the placebo


def test_curves_to_the_target_step_down_at_each_seed(figures, results):
    ((_, figure),) = drawn.of(figures, "*-survival")
    (axes,), result = figure.axes, results["slow_training"]
    label = result["metric"]["label"]
    assert drawn.frame(axes)[:3] == ("log", "linear", label)
    found = drawn.series(figure, axes)
    assert list(found)[:2] == ["Baseline", "Standardised inputs"]
    assert "The same again" not in found  # a control
    for name, curve in (("Baseline", "baseline"), ("A schedule", "a_schedule")):
        x, y = found[name]
        assert (x[1:], y) == (
            result["survival"][curve]["at"][1:],
            result["survival"][curve]["share"],
        )
    looks = {(line.get_linestyle(), line.get_marker()) for line in axes.lines}
    assert len(looks) == len(axes.lines) == 4
    assert {line.get_drawstyle() for line in axes.lines} == {"steps-post"}


def test_a_forest_shades_what_is_too_small_to_matter(figures, results):
    for answer, _, figure in forests(figures, results):
        (band,) = figure.axes[0].patches
        box = band.get_extents().transformed(figure.axes[0].transData.inverted())
        assert (box.x0, box.x1) == pytest.approx((-answer["delta"], answer["delta"]))
        assert any(label.startswith("within ×.9") for label in drawn.legend(figure))


def test_the_legend_of_a_forest_explains_its_signs(figures, results):
    for answer, _, figure in forests(figures, results):
        keys = drawn.legend(figure)
        for name in {fix["verdict"] for fix in answer["fixes"]}:
            assert keys[name].get_marker() == VERDICTS[name].marker
            assert same_color(keys[name].get_color(), VERDICTS[name].colour)
        simultaneous, narrow = keys["95 % jointly"], keys["90 % interval"]
        assert simultaneous.get_linewidth() < narrow.get_linewidth()


def test_a_forest_without_numbers_says_its_outcomes_in_rows(figures, results):
    ((_, figure),) = drawn.of(figures, "divergence-forest")
    (axes,) = figure.axes
    written = dict(drawn.words(axes))
    for fix in remedies(results["divergence"]):
        said = written[rows_of(axes)[fix["label"]]]
        assert said.startswith(VERDICTS[fix["verdict"]].sign)
    assert len(axes.get_xticks()) == 0


def test_of_accuracies_higher_is_to_the_right(make_result, make_fix):
    metric = {"name": "m", "label": "accuracy", "unit": "", "scale": "linear"}
    fixes = [make_fix("A", 0.05, 0.01, "cured"), make_fix("B", -0.04, 0.01, "worse")]
    for fix in fixes:
        ends = [fix["gain"], fix["low"], fix["high"]]
        fix["effect"] |= {"kind": "difference", "difference": ends, "pairs": []}
    result = make_result() | {"delta": 0.01, "fixes": fixes}
    result["metric"] = metric | {"better": "higher"}
    (axes,) = draw_forest(result).axes
    places = drawn.ticks(axes, "x")
    assert places["0"] == 0 and len(places) >= 4
    for text, place in places.items():
        assert float(text.replace("−", "-")) == pytest.approx(100 * place), text
    assert [s[0] for s in drawn.signs(axes)] == pytest.approx([0.05, -0.04])


def test_a_strip_is_the_forest_in_small(results):
    for answer in (results["overfitting"], results["slow_training"]):
        figure = draw_strip(answer)
        (axes,) = figure.axes
        fixes = [fix for fix in remedies(answer) if fix["gain"] is not None]
        found = {(s[1], s[2]): s for s in drawn.signs(axes)}
        names = rows_of(axes)
        assert list(names) == [fix["label"] for fix in fixes]
        for fix in fixes:
            wanted = sign_of(fix, names[fix["label"]])
            assert found[wanted[1], wanted[2]] == wanted
        assert axes.yaxis_inverted() and not axes.xaxis_inverted()
        assert drawn.ticks(axes, "x")["×1"] == 0 and figure.legends == []


def test_the_index_shows_curves_where_no_effect_is_a_number(figures):
    strip = figures["divergence-strip"].axes[0]
    assert drawn.frame(strip) == drawn.frame(figures["divergence-curves-1"].axes[0])
    assert figures["overfitting-strip"].axes[0].get_title(loc="left") == ""


@pytest.mark.parametrize(("end", "arrow"), [("low", "<"), ("high", ">")])
def test_an_open_interval_ends_in_an_arrow_at_the_edge(
    make_result, make_fix, end, arrow
):
    fix = make_fix("Open", 0.5, 0.1, "relieved") | {end: None}
    (axes,) = draw_forest(make_result() | {"fixes": [fix]}).axes
    edge = axes.get_xlim()[0 if end == "low" else 1]
    arrows = [s for s in drawn.signs(axes) if s[2] in "<>"]
    assert [(s[0], s[2]) for s in arrows] == [(pytest.approx(edge), arrow)]
    (y,) = rows_of(axes).values()
    thin = min(drawn.spans(axes)[y], key=lambda span: span[2])
    other = fix["high" if end == "low" else "low"]
    assert sorted(thin[:2]) == pytest.approx(sorted([edge, other]))


def test_a_closed_interval_has_no_arrow(make_result, make_fix):
    result = make_result() | {"fixes": [make_fix("A", 0.5, 0.1, "relieved")]}
    assert not [s for s in drawn.signs(draw_forest(result).axes[0]) if s[2] in "<>"]


def test_a_line_that_ends_early_is_shown_again_enlarged(make_result):
    (chart,) = make_result("divergence")["curves"]
    assert first_end(chart) is None  # 29 of 40 epochs
    early = chart["series"][0] | {
        name: chart["series"][0][name][:6] for name in ("x", "mid", "low", "high")
    }
    other = early | {"role": "best"}
    assert first_end(chart | {"series": [chart["series"][1], other]}) is None
    chart = chart | {"series": [early, chart["series"][1]]}
    assert first_end(chart) == 6
    (axes,) = draw_curves(chart).axes
    (inset,) = axes.child_axes
    assert inset.get_title(loc="left") == "epochs 1 to 8"
    low, high = inset.get_xlim()
    assert low < 1 and high == pytest.approx(8.4) and inset.get_yscale() == "log"
    exploding, other = (drawn.points(line) for line in inset.lines)
    assert exploding == (early["x"], early["mid"])
    assert other[0] == chart["series"][1]["x"][:8]


def test_lines_are_named_at_their_ends(figures, results):
    (axes,) = figures["overfitting-curves-1"].axes
    names = [text for _, text in drawn.words(axes)]
    assert names == ["baseline", "best fix", "best, train", "base, train"]
    heights = [text.get_position()[1] for text in axes.texts]
    assert all(abs(a - b) > 0.05 for a in heights for b in heights if a is not b)
    looks = [
        (line.get_linestyle(), line.get_marker(), line.get_markerfacecolor())
        for line in axes.lines
    ]
    assert len(set(looks)) == len(looks) == 4
