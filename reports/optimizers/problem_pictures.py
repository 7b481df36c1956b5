"""The pictures of a problem: convergence on three clocks, rates, trials."""

from pathlib import Path

from ..figures.highlighted import Chart, Curve
from ..figures.picture import Picture
from .content import Study, problem_page
from .pictures import BANDS, chart, shower
from .verdicts import by_expected

_CLOCKS = {
    "evaluations": "gradients of a mini-batch",
    "steps": "steps",
    "seconds": "seconds",
}
_ROOM = 1.15  # above and below what is drawn


def problem_pictures(study: Study, problem: str, out: Path) -> dict[str, list[Picture]]:
    """{section: its pictures} of the page of a problem."""
    show = shower(study, out, problem_page(problem).removesuffix(".html"))
    order = by_expected(study, problem)
    looks = study.highlights(order)
    names = [*looks, *(name for name in order if name not in looks)]
    return {
        "curves": [
            _convergence(study, show, problem, clock, (names, looks))
            for clock in _CLOCKS
        ],
        "rates": _rates(study, show, problem, (names, looks)),
        "trials": _trials(study, show, problem, (names, looks)),
    }


def _convergence(study, show, problem, clock, lines):
    """Validation loss against one clock, quartiles over the fresh seeds."""
    names, looks = lines
    facts = study.problems[problem]
    curves = []
    for name in names:
        found = study.winner(problem, name)["curve"]
        unit, loss = found["per_pass"][clock], found["val_loss"]
        banded = name in looks
        curves.append(Curve(
            study.label(name),
            [float(f"{p * unit:.5g}") for p in found["passes"]],
            loss["median"],
            loss["low"] if banded else None,
            loss["high"] if banded else None,
            looks.get(name),
        ))  # fmt: skip
    what = Chart(
        _CLOCKS[clock],
        "validation loss",
        curves,
        x_scale="log" if clock == "seconds" else "linear",
        levels=(("target", facts["value"]), ("easy target", facts["easy"])),
        limits=_limits(curves, (facts["value"], facts["easy"])),
    )
    text = f"Loss by {_CLOCKS[clock]}"
    return chart(show, f"by-{clock}", what, (text, ""))


def _limits(curves, levels):
    """From the least of all to where the lines begin; what is above leaves."""
    lines = [[y for y in curve.y if y is not None and y > 0] for curve in curves]
    known = [line for line in lines if line]
    least = min([*levels, *(min(line) for line in known)])
    starts = sorted(line[0] for line in known) or [max(levels)]
    # A start that is far above most others is one that explodes.
    start = starts[(9 * (len(starts) - 1)) // 10]
    return least / _ROOM, max(start, *levels) * _ROOM


def _rates(study, show, problem, lines):
    """Best loss against the learning rate in parts of the tuned one."""
    names, looks = lines
    curves = []
    for name in names:
        pair = study.pairs[problem, name]
        tuned, sweep = pair["budgets"][-1]["hyper"]["lr"], pair["sweep"]
        if any(value is not None for value in sweep["best"]):
            rates = [float(f"{lr / tuned:.4g}") for lr in sweep["lr"]]
            curves.append(
                Curve(study.label(name), rates, sweep["best"], look=looks.get(name))
            )
    if not curves:
        return []
    values = [y for curve in curves for y in curve.y if y is not None and y > 0]
    ceiling = min(max(values), 1000 * min(values))
    what = Chart(
        "learning rate ÷ the tuned one",
        "best validation loss",
        curves,
        x_scale="log",
        limits=(min(values) / _ROOM, ceiling * _ROOM),
    )
    text = "Best loss by learning rate"
    return [chart(show, "rates", what, (text, ""))]


def _trials(study, show, problem, lines):
    """What the best of so many trials is expected to reach."""
    names, looks = lines
    curves = []
    for name in names:
        found = study.pairs[problem, name]["tunability"]["curve"]
        # The mean is infinite where a trial may diverge; the median is not.
        values = found["expected"]
        if any(value is not None for value in values):
            banded = looks.get(name, BANDS) < BANDS
            curves.append(Curve(
                study.label(name), found["trials"], values,
                found["low"] if banded else None, found["high"] if banded else None,
                looks.get(name),
            ))  # fmt: skip
    curves = [c for c in curves if len(c.x) > 1]
    if not curves:
        return []
    values = [y for c in curves for y in c.y if y is not None and y > 0]
    ceiling = min(max(values), 1000 * min(values))
    what = Chart(
        "trials of random search",
        "expected best validation loss",
        curves,
        x_scale="log",
        limits=(min(values) / _ROOM, ceiling * _ROOM),
    )
    return [chart(show, "trials", what, ("What more trials buy", ""))]
