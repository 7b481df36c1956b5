"""What the pictures of a study show, read back; every number differs from the rest."""

import copy

import numpy as np
import pytest
from gradclinic.reports import write_optimizer_pages
from gradclinic.reports.figures.looks import COLOURS, MARKERS
from gradclinic.reports.optimizers.content import Study
from gradclinic.reports.optimizers.verdicts import VERDICTS, ratio, verdict
from matplotlib.colors import same_color

from .. import drawn, markup

CHECKS = (
    "optimizers-ranks", "optimizers-scores", "optimizers-gains", "optimizers-basins",
    "optimizers-profile-*", "optimizers-grid", "optimizers-costs", "problem-*-by-*",
    "problem-*-rates", "problem-*-trials", "optimizer-*-ratios", "optimizer-*-rates",
    "optimizer-*-paths",
)  # fmt: skip
GAPS, DECADES = (1.1, 1.3, 2.0), (0.2, 0.6, 1.0)


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
    return Study(told)


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
    _, axes = one(figures, "optimizers-ranks")
    assert drawn.frame(axes) == ("linear", "linear", "place, 1 the best", "")
    rows, spans = rows_of(axes), drawn.spans(axes)
    assert list(rows) == [study.label(name) for name in study.order]
    for row, name in enumerate(study.order):
        rank = study.at(name, "ranks")
        ((x, *_),) = rows[study.label(name)]
        assert x == rank["first"]
        assert spans[row][0][:2] == (rank["low"], rank["high"])


def test_scores_of_each_budget_have_the_look_of_their_name(figures, study):
    figure, axes = one(figures, "optimizers-scores")
    assert drawn.frame(axes) == ("linear", "linear", "profile score", "")
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
        ("basins", "linear", "decades of good rates", DECADES),
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
    figure, axes = one(figures, f"optimizers-profile-{clock}-{target}")
    unit = {"evaluations": "gradients", "seconds": "seconds"}[clock]
    label = f"times the {unit} of the first"
    assert drawn.frame(axes) == ("linear", "linear", label, "share of the problems")
    assert axes.get_ylim() == (-0.03, 1.03)
    assert {line.get_drawstyle() for line in axes.lines} == {"steps-post"}
    found, lines = study.comparison(clock, target), drawn.series(figure, axes)
    assert len(lines) == len(study.order)
    for name in study.order:
        row = found["profile"]["value"][study.indices[name]]
        assert lines[study.label(name)] == (found["profile"]["tau"], pytest.approx(row))
    assert len(drawn.bands(axes)) == 3


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
    "evaluations": ("gradients of a mini-batch", "linear", 32.0),
    "steps": ("steps", "linear", 16.0),
    "seconds": ("seconds", "log", 0.0012),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_curves_of_a_problem_are_on_their_clock(figures, study, clock):
    label, scale, unit = CLOCKS[clock]
    for problem, facts in study.problems.items():
        figure, axes = one(figures, f"problem-{problem}-by-{clock}")
        assert drawn.frame(axes) == (scale, "log", label, "validation loss")
        lines = drawn.series(figure, axes)
        for name in study.order:
            x, y = lines[study.label(name)]
            (pair,) = (
                row for row in study["results"]
                if (row["problem"], row["optimizer"]) == (problem, name)
            )  # fmt: skip
            loss = pair["budgets"][-1]["curve"]["val_loss"]
            assert x == pytest.approx([unit * k for k in range(1, 13)], rel=1e-4)
            assert y[0] == loss["median"][0]
        assert drawn.levels(axes) == [facts["value"], facts["easy"]]
        keys = drawn.legend(figure)
        for key, level in (("target: 0.1", 0), ("easy target: 0.14", 1)):
            line = axes.lines[-2 + level]
            assert drawn.same_look(keys[key], line)
        low, high = axes.get_ylim()
        assert low < facts["value"] < facts["easy"] < high < 1.25 * 1.2


def test_rates_of_a_problem_are_in_parts_of_the_tuned_rate(figures, study):
    for problem in study.problems:
        figure, axes = one(figures, f"problem-{problem}-rates")
        assert drawn.frame(axes) == (
            "log", "log", "learning rate ÷ the tuned one", "best validation loss"
        )  # fmt: skip
        for x, y in drawn.series(figure, axes).values():
            assert x == pytest.approx([0.01, 0.1, 1, 10, 100])
            assert y[:4] == [1.2, 0.3, 0.08, 0.4] and np.isnan(y[4])


def test_more_trials_buy_what_is_expected_of_the_best(figures, study):
    for problem in study.problems:
        figure, axes = one(figures, f"problem-{problem}-trials")
        label = "trials of random search"
        assert drawn.frame(axes) == (
            "log", "log", label, "expected best validation loss"
        )  # fmt: skip
        for x, y in drawn.series(figure, axes).values():
            assert x == [1, 2, 4, 7] and y[1:] == [0.5, 0.2, 0.12]


def test_an_optimizer_stands_beside_the_first_of_each_problem(figures, study):
    for stem, figure in drawn.of(figures, "optimizer-*-ratios"):
        (axes,) = figure.axes
        name = stem.removeprefix("optimizer-").removesuffix("-ratios")
        assert drawn.frame(axes) == (
            "log", "linear", "times the gradients of the first", ""
        )  # fmt: skip
        assert drawn.verticals(axes) == [1.0]
        labels = list(drawn.ticks(axes, "y"))
        found = {s[1]: s[0] for s in drawn.signs(axes)}
        for row, (problem, facts) in enumerate(study.problems.items()):
            value, low, high = ratio(study, problem, name)
            missed = "" if value else ": missed"
            assert labels[row] == f"{facts['title']}{missed}"
            assert found.get(row) == value
            if value:
                ends = drawn.spans(axes)[row][0]
                assert ends[0] == low and (high is None or ends[1] == high)


def test_the_rates_of_an_optimizer_are_in_parts_of_the_best(figures):
    for _, figure in drawn.of(figures, "optimizer-*-rates"):
        (axes,) = figure.axes
        assert drawn.frame(axes) == (
            "log", "log", "learning rate ÷ the tuned one", "loss ÷ the best of the line"
        )  # fmt: skip
        keys = list(drawn.legend(figure))
        assert keys == ["median of the problems", "each of 3 problems"]
        x, y = drawn.points(axes.lines[-1])
        assert x == pytest.approx([0.01, 0.1, 1, 10, 100])
        assert y[:4] == pytest.approx([15, 3.75, 1, 5])
        assert drawn.same_look(axes.lines[-1], drawn.legend(figure)[keys[0]])
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
    "name", "optimizer", "problem", "status", "clock", "target", "kind", "baselines",
    "created", "made",
}  # fmt: skip


def test_every_string_of_a_study_stays_text(make_study, tmp_path):
    """The name of a user's optimizer, too."""
    tasks = {"wine": ("Wine", 547), "noisy_quadratic": ("Noisy quadratic", 21)}
    names = ("adamw", "sgd", f"mine{markup.MARK}", "random_direction")
    evil = markup.marked(make_study(names, tasks), SPARED)
    evil["noise"] = {"noisy": True, "reasons": [markup.MARK]}
    failed = {"problem": "wine", "optimizer": "sgd", "reason": markup.MARK}
    evil["failed"] = [failed]
    drawn.recorded(lambda: write_optimizer_pages(evil, tmp_path, 1))
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) == 1 + len(tasks) + len(names)
    for page in pages:
        markup.check(page, least=12 if page.name == "optimizers.html" else 3)
