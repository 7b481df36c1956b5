"""The pictures of a problem: convergence, rates, trials."""

from pathlib import Path

from ..figures.highlighted import Chart, Curve
from ..figures.picture import Picture
from .content import StudyContent, problem_page
from .curves import curves_of
from .showing import chart, shower
from .verdicts import by_expected

_ROOM = 1.15  # above and below what is drawn


def problem_pictures(
    study: StudyContent, problem: str, out: Path
) -> dict[str, list[Picture]]:
    """{section: its pictures} of the page of a problem."""
    show = shower(study, out, problem_page(problem).removesuffix(".html"))
    order = by_expected(study, problem)
    looks = study.highlights(order)
    return {
        "curves": curves_of(study, show, problem),
        "rates": _rates(study, show, problem, looks),
        "trials": _trials(study, show, problem, (looks, study.banded(order))),
    }


def _rates(study, show, problem, looks):
    """Settled loss against the learning rate in parts of the tuned one."""
    curves = []
    for name, look in looks.items():
        pair = study.pairs[problem, name]
        tuned, sweep = pair["budgets"][-1]["hyper"]["lr"], pair["sweep"]
        if any(value is not None for value in sweep["settled"]):
            rates = [float(f"{lr / tuned:.4g}") for lr in sweep["lr"]]
            curves.append(Curve(study.label(name), rates, sweep["settled"], look=look))
    if not curves:
        return []
    values = [y for curve in curves for y in curve.y if y is not None and y > 0]
    ceiling = min(max(values), 1000 * min(values))
    what = Chart(
        "learning rate ÷ the tuned one",
        "settled validation loss",
        curves,
        x_scale="log",
        limits=(min(values) / _ROOM, ceiling * _ROOM),
    )
    text = "Loss by learning rate"
    return [chart(show, "rates", what, (text, ""))]


def _trials(study, show, problem, shown):
    """What the best of so many trials is expected to reach."""
    looks, wide = shown
    curves = []
    for name, look in looks.items():
        found = study.pairs[problem, name]["tunability"]["curve"]
        # The mean is infinite where a trial may diverge; the median is not.
        values = found["expected"]
        if any(value is not None for value in values):
            banded = name in wide
            curves.append(
                Curve(
                    study.label(name),
                    found["trials"],
                    values,
                    found["low"] if banded else None,
                    found["high"] if banded else None,
                    look,
                )
            )
    curves = [c for c in curves if len(c.x) > 1]
    if not curves:
        return []
    values = [y for c in curves for y in c.y if y is not None and y > 0]
    ceiling = min(max(values), 1000 * min(values))
    what = Chart(
        "trials of random search",
        "expected validation loss",
        curves,
        x_scale="log",
        limits=(min(values) / _ROOM, ceiling * _ROOM),
    )
    return [chart(show, "trials", what, ("What more trials buy", ""))]
