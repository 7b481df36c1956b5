"""What the pictures of a study show, read back; every number differs from the rest."""

import copy
import re

import numpy as np
import pytest
from gradclinic.reports import write_optimizer_pages
from gradclinic.reports.figures.looks import COLOURS, MARKERS
from gradclinic.reports.optimizers.content import StudyContent
from gradclinic.reports.optimizers.pages import write_problem
from gradclinic.reports.optimizers.pictures import pictures
from gradclinic.reports.optimizers.verdicts import VERDICTS, ratio, verdict
from matplotlib.colors import same_color, to_hex

from .. import drawn, markup

CHECKS = (
    "optimizers-curves-*",
    "optimizers-ranks",
    "optimizers-relative",
    "optimizers-pairs",
    "optimizers-scores",
    "optimizers-gains",
    "optimizers-basins",
    "optimizers-profile-*",
    "optimizers-grid",
    "optimizers-costs",
    "problem-*-by-*",
    "problem-*-rates",
    "problem-*-trials",
    "optimizer-*-ratios",
    "optimizer-*-rates",
    "optimizer-*-paths",
)
GAPS, DECADES = (1.1, 1.3, 2.0), (0.2, 0.6, 1.0)
NUMBER = re.compile("[\\d.,×⁰¹²³⁴⁵⁶⁷⁸⁹⁻−]+")


@pytest.fixture(scope="module")
def told(whole):
    """The made-up study with no two things of the same size."""
    content = copy.deepcopy(whole)
    for k, found in enumerate(content["comparisons"]):
        shrunk = 1 - 0.03 * k
        for name in ("value", "low", "high"):
            rows = found["profile"][name]
            found["profile"][name] = [[shrunk * v for v in row] for row in rows]
        scores = found["profile_score"]
        found["profile_score"] = [[shrunk * v for v in s] for s in scores]
    tasks = [problem["name"] for problem in content["problems"]]
    for row in content["results"]:
        task = tasks.index(row["problem"])
        row["tunability"]["default_gap"][0] = GAPS[task]
        row["tunability"]["basin"]["decades"] = DECADES[task]
        for winner in row["budgets"]:
            curve = winner["curve"]
            curve["per_pass"] = {"evaluations": 32.0, "steps": 16.0, "seconds": 0.0012}
            halved = {
                k: [v and v / 2 for v in vs] for k, vs in curve["val_loss"].items()
            }
            curve["train_loss"] = halved
            if winner["budget"] == 1:
                winner["hyper"]["lr"] = 0.5
                curve["val_loss"] = halved
    return content


@pytest.fixture(scope="module")
def study(told):
    return StudyContent(told)


@pytest.fixture(scope="module")
def figures(told, tmp_path_factory):
    out = tmp_path_factory.mktemp("drawn")
    return drawn.recorded(lambda: write_optimizer_pages(told, out, 1))


def one(figures, stem):
    (axes,) = figures[stem].axes
    return figures[stem], axes


def test_every_picture_is_looked_at(figures):
    assert drawn.unmatched(figures, CHECKS) == []


def rows_of(axes):
    """{label: [(x, marker)]} of a picture of ranges; its labels from the top down."""
    assert axes.yaxis_inverted() and not axes.xaxis_inverted()
    rows = drawn.ticks(axes, "y")
    return {
        label: [s for s in drawn.signs(axes) if abs(s[1] - y) < 0.4]
        for label, y in sorted(rows.items(), key=lambda row: row[1])
    }


def test_the_best_place_is_on_top_and_at_the_left(figures, study):
    figure, axes = one(figures, "optimizers-ranks")
    assert drawn.frame(axes) == ("linear", "linear", "place, 1 the best", "")
    rows, spans, keys = rows_of(axes), drawn.spans(axes), drawn.legend(figure)
    assert list(rows) == [study.label(name) for name in study.order]
    for row, name in enumerate(study.order):
        rank = study.at(name, "ranks")
        ((x, _, marker, colour, face),) = rows[study.label(name)]
        assert x == rank["first"]
        assert spans[row][0][:2] == (rank["low"], rank["high"])
        may_be_best = study.indices[name] in study.main["best_group"]
        key = keys["may be the best" if may_be_best else "others"]
        assert (marker, colour) == (key.get_marker(), key.get_color())
        assert (face == "white") == (name == "lion")
    assert keys["rests on a withheld search"].get_markerfacecolor() == "white"


def test_costs_in_parts_of_the_best_are_a_dot_a_problem(figures, study):
    figure, axes = one(figures, "optimizers-relative")
    label = "times the gradients of the best"
    assert drawn.frame(axes) == ("log", "linear", label, "")
    assert drawn.verticals(axes) == [1.0]
    rows, keys = rows_of(axes), drawn.legend(figure)
    assert list(rows) == study.labels(study.order)
    said = dict(drawn.words(axes))
    for y, name in enumerate(study.order):
        values = study.main["relative_costs"][study.indices[name]]
        by_marker = {s[2]: s for s in rows[study.label(name)]}
        assert len(by_marker) == sum(value is not None for value in values)
        for facts, value in zip(study["problems"], values, strict=True):
            key = keys[facts["title"]]
            if value is not None:
                x, _, _, colour, face = by_marker[key.get_marker()]
                assert x == value and colour == key.get_color()
                lost = (name, facts["name"]) == ("lion", "noisy_quadratic")
                assert (face == "white") == lost
        missed = values.count(None)
        assert said.get(y) == (f"× {missed} of 3" if missed else None)
    assert said[-1] == "missed" and keys["withheld"].get_markerfacecolor() == "white"


def test_of_many_problems_the_median_is_marked(make_study, tmp_path):
    tasks = {f"task_{k}": (f"Task {k}", 10 + k) for k in range(8)}
    content = make_study(("adamw", "sgd", "lion"), tasks)
    for found in content["comparisons"]:
        found["relative_costs"] = [
            [1.0] * 8,
            [2.0] * 3 + [5.0] * 3 + [None] * 2,
            [3.0] * 3 + [None] * 5,
        ]
    study = StudyContent.of(content)
    figures = drawn.recorded(lambda: pictures(study, tmp_path))
    figure, axes = one(figures, "optimizers-relative")
    assert list(drawn.legend(figure)) == ["a problem", "median of all"]
    medians = {
        round(sum(y) / 2): x[0]
        for x, y in map(drawn.points, axes.lines)
        if len(x) == 2 and x[0] == x[1] and y != [0, 1]
    }
    assert medians == {0: 1.0, 1: 5.0}
    assert dict(drawn.words(axes))[2] == "× 5 of 8"


def test_the_matrix_says_who_is_better_than_whom(figures, study):
    figure, axes = one(figures, "optimizers-pairs")
    labels = [f"{study.label(n)}  {k}" for k, n in enumerate(study.order, 1)]
    assert list(drawn.ticks(axes, "y")) == labels and axes.yaxis_inverted()
    assert list(drawn.ticks(axes, "x")) == ["1", "2", "3", "4", "5", "6"]
    keys = drawn.legend(figure)
    found = {}
    for band in axes.collections:
        colour = to_hex(band.get_facecolor()[0])
        for path in band.get_paths():
            (left, low), (right, high) = path.vertices.min(0), path.vertices.max(0)
            for x in range(round(left + 0.5), round(right + 0.5)):
                found[round((low + high) / 2), x] = colour
    better = study.main["improvement"]["better"]
    looks = [to_hex(keys[name].get_facecolor()) for name in keys]
    assert list(keys) == ["row is better", "column is better"]
    for y, a in enumerate(study.order):
        for x, b in enumerate(study.order):
            i, j = study.indices[a], study.indices[b]
            expected = looks[0] if better[i][j] else looks[1] if better[j][i] else None
            assert x == y or found.get((y, x)) == expected


def test_scores_of_each_budget_have_the_look_of_their_name(figures, study):
    figure, axes = one(figures, "optimizers-scores")
    assert drawn.frame(axes) == ("linear", "linear", "score", "")
    keys = drawn.legend(figure)
    assert [k.get_marker() for k in keys.values()] == list(MARKERS[:2])
    assert list(keys) == ["defaults", "8 trials"]
    for name in study.order:
        by_marker = {s[2]: s for s in rows_of(axes)[study.label(name)]}
        for place, trials in enumerate((1, 8)):
            found = study.comparison("evaluations", study.goal, trials)
            x, _, _, colour, _ = by_marker[MARKERS[place]]
            assert x == pytest.approx(study.at(name, "profile_score", found)[0])
            assert same_color(colour, COLOURS[place])


@pytest.mark.parametrize(
    ("stem", "scale", "label", "values"),
    [
        ("gains", "log", "loss by defaults ÷ loss tuned", GAPS),
        ("basins", "linear", "powers of ten of good rates", DECADES),
    ],
)
def test_tuning_is_the_median_and_quartiles_of_the_problems(
    figures, study, stem, scale, label, values
):
    _, axes = one(figures, f"optimizers-{stem}")
    assert drawn.frame(axes) == (scale, "linear", label, "")
    low, middle, high = np.percentile(values, [25, 50, 75], method="nearest")
    for row, name in enumerate(study.order):
        ((x, *_),) = rows_of(axes)[study.label(name)]
        assert x == middle
        assert drawn.spans(axes)[row][0][:2] == (low, high)
    assert drawn.verticals(axes) == ([1.0] if stem == "gains" else [])


@pytest.mark.parametrize("clock", ["evaluations", "seconds"])
@pytest.mark.parametrize("target", ["value", "easy"])
def test_profiles_are_steps_of_their_own_comparison(figures, study, clock, target):
    _, axes = one(figures, f"optimizers-profile-{clock}-{target}")
    unit = {"evaluations": "gradients", "seconds": "seconds"}[clock]
    label = f"times the {unit} of the first"
    assert drawn.frame(axes) == ("linear", "linear", label, "share of the problems")
    assert axes.get_ylim() == (-0.03, 1.03)
    lines = [line for line in axes.lines if line.get_transform() == axes.transData]
    assert {line.get_drawstyle() for line in lines} == {"steps-post"}
    found, named = study.comparison(clock, target), drawn.named(axes)
    assert len(named) == len(lines) == len(study.order)
    for name in study.order:
        row = found["profile"]["value"][study.indices[name]]
        assert named[study.label(name)] == (found["profile"]["tau"], pytest.approx(row))
    assert len(drawn.bands(axes)) == 2


def test_the_grid_has_the_sign_of_each_pair(figures, study):
    _, axes = one(figures, "optimizers-grid")
    columns, rows = drawn.ticks(axes, "x"), drawn.ticks(axes, "y")
    assert list(rows) == [study.label(name) for name in study.order]
    assert len(columns) == len(study.problems) and axes.yaxis_inverted()
    found = {(s[0], s[1]): s[2:] for s in drawn.signs(axes)}
    assert len(found) == len(columns) * len(rows)
    for y, name in enumerate(study.order):
        for x, problem in enumerate(study.problems):
            expected = verdict(study, problem, name)
            face = expected.colour if expected.filled else "white"
            assert found[x, y] == (expected.marker, expected.colour, face)
    keys = drawn.legend(figures["optimizers-grid"])
    for look in VERDICTS.values():
        assert keys[look.name].get_marker() == look.marker


def test_costs_are_nanoseconds_cheapest_first(figures, study):
    _, axes = one(figures, "optimizers-costs")
    assert drawn.frame(axes) == ("log", "linear", "nanoseconds a parameter", "")
    costs = sorted(study["updates"]["rows"], key=lambda row: row["least"])
    rows = rows_of(axes)
    assert list(rows) == [study.label(row["optimizer"]) for row in costs]
    for place, row in enumerate(costs):
        ((x, *_),) = rows[study.label(row["optimizer"])]
        assert x == row["least"]
        assert drawn.spans(axes)[place][0][:2] == (row["least"], row["median"])


CLOCKS = {
    "evaluations": ("gradients of a mini-batch", "linear"),
    "steps": ("steps", "linear"),
    "seconds": ("seconds", "log"),
}
FIRST = {"digits_mlp": "lion", "noisy_quadratic": "adamw"}


def called(study, problem, name):
    """What a line of a problem is called: the first is said to be so."""
    first = " (first)" if FIRST.get(problem) == name else ""
    return f"{study.label(name)}{first}"


def unit_of(study, clock, name):
    """What a pass costs on a clock: 16 steps of the seconds that were measured."""
    seconds = 1e-5 * (study.indices[name] + 1)
    return {"evaluations": 32.0, "steps": 16.0, "seconds": 16 * seconds}[clock]


def loss_of(study, problem, name):
    (pair,) = (
        row
        for row in study["results"]
        if (row["problem"], row["optimizer"]) == (problem, name)
    )
    return pair["budgets"][-1]["curve"]["val_loss"]


def test_the_index_begins_with_the_curves_of_every_problem(figures, study):
    for problem, facts in study.problems.items():
        figure, axes = one(figures, f"optimizers-curves-{problem}")
        assert drawn.frame(axes) == (
            "linear",
            "log",
            "gradients of a mini-batch",
            "validation loss",
        )
        lines = drawn.named(axes)
        for name in study.order:
            x, y = lines[called(study, problem, name)]
            assert x == pytest.approx([32.0 * k for k in range(1, 13)])
            assert y[0] == loss_of(study, problem, name)["median"][0]
        assert drawn.levels(axes) == [facts["value"]] and drawn.bands(axes) == []
        assert list(drawn.legend(figure)) == ["target: 0.1"]


@pytest.mark.parametrize("clock", CLOCKS)
def test_curves_of_a_problem_are_on_their_clock(figures, study, clock):
    label, scale = CLOCKS[clock]
    for problem, facts in study.problems.items():
        figure, axes = one(figures, f"problem-{problem}-by-{clock}")
        assert drawn.frame(axes) == (scale, "log", label, "validation loss")
        lines = drawn.named(axes)
        for name in study.order:
            x, y = lines[called(study, problem, name)]
            unit = unit_of(study, clock, name)
            assert x == pytest.approx([unit * k for k in range(1, 13)], rel=1e-4)
            assert y[0] == loss_of(study, problem, name)["median"][0]
        assert drawn.levels(axes) == [facts["value"], facts["easy"]]
        keys = drawn.legend(figure)
        levels = [line for line in axes.lines if list(line.get_xdata()) == [0, 1]]
        for key, line in zip(("target: 0.1", "easy target: 0.14"), levels, strict=True):
            assert drawn.same_look(keys[key], line)
        low, high = axes.get_ylim()
        assert low < facts["value"] < facts["easy"] < high < 1.25 * 1.2


def test_a_clock_that_shows_nothing_new_is_not_drawn(told, tmp_path):
    content = copy.deepcopy(told)
    content["seconds_measured"] |= {"noisy": True, "reasons": ["It was busy."]}
    for row in content["results"]:
        row["budgets"][-1]["curve"]["per_pass"]["steps"] = 32.0
    figures = drawn.recorded(
        lambda: write_problem(StudyContent.of(content), "wine", tmp_path)
    )
    assert [s for s in figures if "-by-" in s] == ["problem-wine-by-evaluations"]


@pytest.mark.parametrize("axis", ["x", "y"])
def test_axes_of_numbers_have_four_ticks_or_more_of_one_kind(figures, axis):
    for stem, figure in figures.items():
        for axes in figure.axes:
            figure.draw_without_rendering()
            labels = list(drawn.ticks(axes, axis))
            low, high = sorted(getattr(axes, f"get_{axis}lim")())
            seen = [k for k, v in drawn.ticks(axes, axis).items() if low <= v <= high]
            if "paths" in stem or not all(map(NUMBER.fullmatch, labels)):
                continue
            assert len(seen) >= 4, (stem, axis, seen)
            powers = [
                label.startswith("10") and label[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹" for label in seen
            ]
            assert all(powers) or not any(powers), (stem, seen)


def test_no_two_lines_of_a_picture_look_alike_in_grey(figures):
    """Dashes and markers tell them apart, and each has its name at its end."""
    for _, figure in drawn.of(figures, "*-by-*") + drawn.of(figures, "*-curves-*"):
        (axes,) = figure.axes
        lines = axes.lines
        samples = [ln for ln in lines if ln.get_transform() == axes.transAxes]
        kinds = {(str(drawn.look(s)[1]), drawn.look(s)[2]) for s in samples}
        assert len(kinds) == len(samples) == len(drawn.named(axes))


def test_rates_of_a_problem_are_in_parts_of_the_tuned_rate(figures, study):
    for problem in study.problems:
        _, axes = one(figures, f"problem-{problem}-rates")
        assert drawn.frame(axes) == (
            "log",
            "log",
            "learning rate ÷ the tuned one",
            "settled validation loss",
        )
        for x, y in drawn.named(axes).values():
            assert x == pytest.approx([0.01, 0.1, 1, 10, 100])
            assert y[:4] == [1.2, 0.3, 0.08, 0.4] and np.isnan(y[4])


def test_more_trials_buy_what_is_expected_of_the_best(figures, study):
    for problem in study.problems:
        _, axes = one(figures, f"problem-{problem}-trials")
        label = "trials of random search"
        assert drawn.frame(axes) == ("log", "log", label, "expected validation loss")
        for x, y in drawn.named(axes).values():
            assert x == [1, 2, 4, 7] and y[1:] == [0.5, 0.2, 0.12]


def test_an_optimizer_stands_beside_the_first_of_each_problem(figures, study):
    for stem, figure in drawn.of(figures, "optimizer-*-ratios"):
        (axes,) = figure.axes
        name = stem.removeprefix("optimizer-").removesuffix("-ratios")
        assert drawn.frame(axes) == (
            "log",
            "linear",
            "times the gradients of the first",
            "",
        )
        assert drawn.verticals(axes) == [1.0]
        labels = list(drawn.ticks(axes, "y"))
        found = {s[1]: s[0] for s in drawn.signs(axes)}
        for row, (problem, facts) in enumerate(study.problems.items()):
            value, low, high = ratio(study, problem, name)
            lost = "withheld" if study.withheld(problem, name) else "missed"
            missed = "" if value else f": {lost}"
            assert labels[row] == f"{facts['title']}{missed}"
            assert found.get(row) == value
            if value:
                ends = drawn.spans(axes)[row][0]
                assert ends[0] == low and (high is None or ends[1] == high)


def test_the_rates_of_an_optimizer_are_in_parts_of_the_best(figures):
    for _, figure in drawn.of(figures, "optimizer-*-rates"):
        (axes,) = figure.axes
        assert drawn.frame(axes) == (
            "log",
            "log",
            "learning rate ÷ the tuned one",
            "loss ÷ the best of the line",
        )
        assert list(drawn.legend(figure)) == ["each of 3 problems"]
        ((label, (x, y)),) = drawn.named(axes).items()
        assert label == "median of the problems"
        assert x == pytest.approx([0.01, 0.1, 1, 10, 100])
        assert y[:4] == pytest.approx([15, 3.75, 1, 5])
        assert axes.get_ylim() == (0.95, 30)


def test_paths_go_from_the_start_to_the_end_over_their_contours(figures, study):
    function, surfaces = study["surfaces"]["functions"][0], study["surfaces"]
    for stem, figure in drawn.of(figures, "optimizer-*-paths"):
        axes, empty = figure.axes
        name = stem.removeprefix("optimizer-").removesuffix("-paths")
        path = surfaces["paths"][name][0]["path"]
        assert drawn.frame(axes)[3] == "Bowl" and not empty.axison
        assert drawn.points(axes.lines[0]) == tuple(map(list, zip(*path, strict=True)))
        start, end, minimum = drawn.signs(axes)
        assert (*start[:3], start[4]) == (*path[0], "o", "white")
        assert end[:3] == (*path[-1], "s") and minimum[:3] == (0.0, 0.0, "x")
        assert (*axes.get_xlim(), *axes.get_ylim()) == tuple(function["box"])
        keys, said = drawn.legend(figure), ("start", "where it ended", "minimum")
        assert [keys[name].get_marker() for name in said] == ["o", "s", "x"]


SPARED = {
    "name",
    "optimizer",
    "problem",
    "status",
    "clock",
    "target",
    "kind",
    "baselines",
    "created",
    "made",
}


def test_every_string_of_a_study_stays_text(make_study, tmp_path):
    """The name of a user's optimizer, too."""
    tasks = {"wine": ("Wine", 547), "noisy_quadratic": ("Noisy quadratic", 21)}
    names = ("adamw", "sgd", f"mine{markup.MARK}", "random_direction")
    evil = markup.marked(make_study(names, tasks), SPARED)
    evil["noise"] = {"noisy": True, "reasons": [markup.MARK]}
    failed = {"problem": "wine", "optimizer": "sgd", "reason": markup.MARK}
    evil["failed"] = [failed]
    evil["seconds_measured"] |= {"noisy": True, "reasons": [markup.MARK]}
    for row in evil["results"]:
        if row["problem"] == "wine":
            row["budgets"][-1]["withheld"] = f"Why: {markup.MARK}"
    drawn.recorded(lambda: write_optimizer_pages(evil, tmp_path, 1))
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) == 1 + len(tasks) + len(names)
    for page in pages:
        markup.check(page, least=12 if page.name == "optimizers.html" else 3)
        if not page.name.startswith("problem-noisy"):
            assert "Why: &lt;b onclick" in page.read_text()
