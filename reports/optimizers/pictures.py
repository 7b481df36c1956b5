"""The pictures of the index: curves, places, ratios, pairs, profiles, costs."""

from functools import partial
from math import inf, isfinite
from pathlib import Path

import numpy as np

from ..figures import style
from ..figures.dots import Dot, Dots, describe_dots, draw_dots
from ..figures.grid import describe_grid, draw_grid
from ..figures.highlighted import Chart, Curve
from ..figures.matrix import describe_matrix, draw_matrix
from ..figures.picture import Picture
from ..figures.ranges import Mark, Ranges
from .content import StudyContent, short
from .curves import small_curves
from .showing import chart, ranges, shower
from .verdicts import VERDICTS, WITHHELD, verdict

# Of places: of those that may be the best, and of the others.
_LOOKS = ((style.PALETTE[0], "o"), (style.FAINT, "s"))
UNSURE = "rests on a withheld search"


def pictures(study: StudyContent, out: Path) -> dict[str, list[Picture]]:
    """{section: its pictures} of the index page."""
    show = shower(study, out, "optimizers")
    clocks = ("evaluations", "seconds") if study.by_seconds else ("evaluations",)
    several = len(study.indices) > 1
    return {
        "curves": [small_curves(study, show, problem) for problem in study.problems],
        "places": [_ranks(study, show), _ratios(study, show)],
        "pairs": [*([_matrix(study, show)] if several else []), _grid(study, show)],
        "tuning": [_scores(study, show), _gains(study, show)],
        "basins": [_basins(study, show)],
        "profiles": [
            _profile(study, show, clock, target)
            for target in sorted(("value", "easy"), key=lambda t: t != study.goal)
            for clock in clocks
        ],
        "costs": _costs(study, show),
    }


def _ranks(study, show):
    """Places; those that may be the best look another way than the others."""
    best, rows = set(study.best_group), []
    for name in study.order:
        rank, sure = study.at(name, "ranks"), not study.withheld_of(name)
        look = 0 if name in best else 1
        mark = Mark(rank["first"], rank["low"], rank["high"], look, sure)
        rows.append((study.label(name), [mark]))
    last = len(rows)
    what = Ranges(
        "place, 1 the best",
        rows,
        names=("may be the best", "others"),
        limits=(0.6, last + 0.4),
        whole=True,
        looks=_LOOKS,
        unsure=UNSURE if study.withheld_pairs else "",
    )
    return ranges(show, "ranks", what, ("Places, with 95 % intervals", ""))


def _ratios(study, show):
    """Median gradients of each pair in parts of the best of the problem."""
    rows = [
        (
            study.label(name),
            [
                Dot(value, study.withheld(problem, name) is None)
                for problem, value in zip(
                    study.problems, study.at(name, "relative_costs"), strict=True
                )
            ],
        )
        for name in study.order
    ]
    titles = [problem["title"] for problem in study.problems.values()]
    what = Dots("times the gradients of the best", rows, titles, WITHHELD)
    draw, words = partial(draw_dots, what), describe_dots(what)
    return show("relative", draw, words, (f"Gradients to {study.goal_words}", ""))


def _matrix(study, show):
    """Who was shown to be better than whom, in the order of places."""
    found, numbers = study.main["improvement"]["better"], study.indices
    better = [[found[numbers[a]][numbers[b]] for b in study.order] for a in study.order]
    labels = study.labels(study.order)
    draw = partial(draw_matrix, labels, better)
    title = "Who was shown to be better than whom"
    return show("pairs", draw, describe_matrix(labels, better), (title, ""))


def _scores(study, show):
    """Profile scores at every budget."""
    budgets = study["settings"]["budgets"]
    compared = [study.comparison("evaluations", study.goal, b) for b in budgets]
    rows = [
        (
            study.label(name),
            [
                _mark(study.at(name, "profile_score", found), look)
                for look, found in enumerate(compared)
            ],
        )
        for name in study.order
    ]
    names = tuple("defaults" if b == 1 else f"{b} trials" for b in budgets)
    what = Ranges("score", rows, names=names, limits=(-0.02, 1.02))
    text = ("Scores by the number of trials, with 95 % intervals", "")
    return ranges(show, "scores", what, text)


def _gains(study, show):
    """What tuning gains over the defaults."""
    # Defaults that diverge where the tuned runs do not are infinitely worse.
    rows = _over_problems(study, lambda t: _infinite(t["default_gap"][0]))
    gains = Ranges("loss by defaults ÷ loss tuned", rows, scale="log", line=1.0)
    return ranges(show, "gains", gains, ("What tuning gains over the defaults", ""))


def _basins(study, show):
    """How wide the range of good rates is."""
    rows = _over_problems(study, lambda t: t["basin"]["decades"] if t["basin"] else 0.0)
    decades = Ranges("powers of ten of good rates", rows)
    return ranges(show, "basins", decades, ("How wide the good rates are", ""))


def _over_problems(study, value):
    """Rows with the spread over the problems of a value of the tunability."""
    return [
        (
            study.label(name),
            [
                _spread(
                    [value(study.pairs[p, name]["tunability"]) for p in study.problems]
                )
            ],
        )
        for name in study.order
    ]


def _infinite(value):
    return inf if value is None else value


def _spread(values) -> Mark:
    """The median over the problems, with the quartiles; None where infinite."""
    low, middle, high = np.percentile(values, [25, 50, 75], method="nearest")
    return _mark([float(v) if isfinite(v) else None for v in (middle, low, high)])


def _mark(numbers, look=0) -> Mark:
    value, low, high = numbers
    return Mark(value, low, high, look)


def _profile(study, show, clock, target):
    """Profiles of the first, of the baselines and of one's own."""
    found = study.comparison(clock, target)
    order, profile = study.ordered(found), found["profile"]
    looks, wide = study.highlights(order), study.banded(order)

    def curve(name):
        i, banded = study.indices[name], name in wide
        return Curve(
            study.label(name),
            profile["tau"],
            profile["value"][i],
            profile["low"][i] if banded else None,
            profile["high"][i] if banded else None,
            looks[name],
        )

    unit = {"evaluations": "gradients", "seconds": "seconds"}[clock]
    goal = {"value": "the target", "easy": "the easy target"}[target]
    what = Chart(
        f"times the {unit} of the first",
        "share of the problems",
        [curve(name) for name in looks],
        y_scale="linear",
        limits=(-0.03, 1.03),
        steps=True,
    )
    return chart(show, f"profile-{clock}-{target}", what, (f"By {unit} to {goal}", ""))


def _grid(study, show):
    columns = [short(problem) for problem in study.problems]
    rows = [
        (study.label(name), [verdict(study, p, name).name for p in study.problems])
        for name in study.order
    ]
    draw = partial(draw_grid, rows, columns, VERDICTS)
    title = "Every optimizer on every problem"
    return show("grid", draw, describe_grid(rows, columns), (title, ""))


def _costs(study, show):
    rows = sorted(study["updates"]["rows"], key=lambda row: row["least"])
    marks = [
        (study.label(r["optimizer"]), [Mark(r["least"], r["least"], r["median"], 0)])
        for r in rows
        if r["optimizer"] in study.indices
    ]
    if not marks:
        return []
    what = Ranges("nanoseconds a parameter", marks, scale="log")
    return [ranges(show, "costs", what, ("Time of an update", ""))]
