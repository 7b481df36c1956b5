"""The pictures of the index: places, scores, profiles, a grid, costs."""

from functools import partial
from math import inf, isfinite
from pathlib import Path

import numpy as np

from ..figures.grid import describe_grid, draw_grid
from ..figures.highlighted import (
    Chart,
    Curve,
    describe_highlighted,
    draw_highlighted,
)
from ..figures.picture import Picture, Place, publish
from ..figures.ranges import Mark, Ranges, describe_ranges, draw_ranges
from .content import Study, short
from .verdicts import VERDICTS, verdict

# Lines whose band is drawn, where bands are wide.
BANDS = 3


def shower(study: Study, out: Path, stem: str):
    """A function that publishes a figure under a stem: (name, draw, words, title)."""

    def show(name, draw, description, text) -> Picture:
        place = Place(f"{stem}-{name}", out, study["command"])
        return publish(draw, place, description, text)

    return show


def chart(show, name, what: Chart, text) -> Picture:
    """Publish a chart of highlighted lines."""
    return show(name, partial(draw_highlighted, what), describe_highlighted(what), text)


def ranges(show, name, what: Ranges, text) -> Picture:
    """Publish rows of intervals."""
    return show(name, partial(draw_ranges, what), describe_ranges(what), text)


def pictures(study: Study, out: Path) -> dict[str, list[Picture]]:
    """{section: its pictures} of the index page."""
    show = shower(study, out, "optimizers")
    return {
        "ranks": [_ranks(study, show)],
        "scores": [_scores(study, show)],
        "tuning": _tuning(study, show),
        "profiles": [
            _profile(study, show, clock, target)
            for target in sorted(("value", "easy"), key=lambda t: t != study.goal)
            for clock in ("evaluations", "seconds")
            if study.comparison(clock, target)
        ],
        "grid": [_grid(study, show)],
        "costs": _costs(study, show),
    }


def _ranks(study, show):
    rows = []
    for name in study.order:
        rank = study.at(name, "ranks")
        mark = Mark(rank["first"], rank["low"], rank["high"], 0)
        rows.append((study.label(name), [mark]))
    last = len(rows)
    what = Ranges("place, 1 the best", rows, limits=(0.6, last + 0.4), whole=True)
    return ranges(show, "ranks", what, ("Places with their 95 % intervals", ""))


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
    what = Ranges("profile score", rows, names=names, limits=(-0.02, 1.02))
    text = ("Scores by the number of trials, with 95 % intervals", "")
    return ranges(show, "scores", what, text)


def _tuning(study, show):
    """What tuning gains over the defaults, and how wide the range of good rates is."""
    gaps, widths = [], []
    for name in study.order:
        found = [study.pairs[problem, name]["tunability"] for problem in study.problems]
        # Defaults that diverge where the tuned runs do not are infinitely worse.
        gap = [inf if t["default_gap"][0] is None else t["default_gap"][0]
               for t in found]  # fmt: skip
        width = [t["basin"]["decades"] if t["basin"] else 0.0 for t in found]
        gaps.append((study.label(name), [_spread(gap)]))
        widths.append((study.label(name), [_spread(width)]))
    gains = Ranges("loss by defaults ÷ loss tuned", gaps, scale="log", line=1.0)
    decades = Ranges("decades of good rates", widths)
    return [
        ranges(show, "gains", gains, ("What tuning gains over the defaults", "")),
        ranges(show, "basins", decades, ("How wide the good rates are", "")),
    ]


def _spread(values) -> Mark:
    """The median over the problems, with the quartiles; None where infinite."""
    low, middle, high = np.percentile(values, [25, 50, 75], method="nearest")
    return _mark([float(v) if isfinite(v) else None for v in (middle, low, high)])


def _mark(numbers, look=0) -> Mark:
    value, low, high = numbers
    return Mark(value, low, high, look)


def _profile(study, show, clock, target):
    found = study.comparison(clock, target)
    order = study.ordered(found)
    looks = study.highlights(order)
    profile = found["profile"]

    def curve(name):
        i, banded = study.indices[name], looks.get(name, BANDS) < BANDS
        return Curve(
            study.label(name), profile["tau"], profile["value"][i],
            profile["low"][i] if banded else None,
            profile["high"][i] if banded else None, looks.get(name),
        )  # fmt: skip

    names = [*looks, *(n for n in order if n not in looks)]
    unit = {"evaluations": "gradients", "seconds": "seconds"}[clock]
    goal = {"value": "the target", "easy": "the easy target"}[target]
    what = Chart(
        f"times the {unit} of the first",
        "share of the problems",
        [curve(name) for name in names],
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
