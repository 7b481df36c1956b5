"""The pictures of one optimizer: its problems, its rates, its paths."""

from functools import partial
from pathlib import Path

import numpy as np

from ..figures.highlighted import Chart, Curve
from ..figures.paths import describe_paths, draw_paths
from ..figures.picture import Picture
from ..figures.ranges import Mark, Ranges
from .content import StudyContent, optimizer_page
from .showing import chart, ranges, shower
from .verdicts import MISSED, WITHHELD, ratio

_MOST = 30.0  # the worst loss shown, in parts of the best


def own_pictures(study: StudyContent, name: str, out: Path) -> dict[str, list[Picture]]:
    """{section: its pictures} of the page of an optimizer."""
    show = shower(study, out, optimizer_page(name).removesuffix(".html"))
    return {
        "ratios": _ratios(study, show, name),
        "rates": _rates(study, show, name),
        "paths": _paths(study, show, name),
    }


def _ratios(study, show, name):
    """Expected gradients over those of the first, a row a problem."""
    rows = []
    for problem, facts in study.problems.items():
        value, low, high = ratio(study, problem, name)
        mark = Mark(value, low, high)
        title = facts["title"]
        said = WITHHELD if study.withheld(problem, name) else MISSED
        rows.append((title if mark.value else f"{title}: {said}", [mark]))
    if not any(marks[0].value for _, marks in rows):
        return []
    what = Ranges("times the gradients of the first", rows, scale="log", line=1.0)
    return [ranges(show, "ratios", what, (f"Gradients to {study.goal_words}", ""))]


def _rates(study, show, name):
    """Loss by learning rate, both in parts of their best, a line a problem."""
    curves, table = [], []
    for problem in study.problems:
        pair = study.pairs[problem, name]
        tuned, sweep = pair["budgets"][-1]["hyper"]["lr"], pair["sweep"]
        known = [value for value in sweep["settled"] if value]
        if not known:
            continue
        rates = [float(f"{lr / tuned:.3g}") for lr in sweep["lr"]]
        losses = [None if v is None else v / min(known) for v in sweep["settled"]]
        curves.append(Curve(study.problems[problem]["title"], rates, losses))
        table.append((rates, [np.inf if v is None else v for v in losses]))
    if not curves:
        return []
    lengths = {tuple(rates) for rates, _ in table}
    if len(lengths) == 1 and len(table) > 1:
        middle = np.percentile([v for _, v in table], 50, axis=0, method="higher")
        values = [float(v) if np.isfinite(v) else None for v in middle]
        curves.insert(0, Curve("median of the problems", table[0][0], values, look=0))
    what = Chart(
        "learning rate ÷ the tuned one",
        "loss ÷ the best of the line",
        curves,
        x_scale="log",
        limits=(0.95, _MOST),
        rest="each of {} problems",
    )
    return [chart(show, "rates", what, ("Sensitivity to the learning rate", ""))]


def _paths(study, show, name):
    found = study["surfaces"]
    runs = found["paths"].get(name)
    if not runs:
        return []
    functions = found["functions"]
    draw = partial(draw_paths, functions, [run["path"] for run in runs])
    words = describe_paths(functions, runs, found["gradients"])
    return [show("paths", draw, words, ("Paths on functions of two numbers", ""))]
