"""Loss curves of a problem: the first there, the baselines, and one's own."""

from ..figures.highlighted import Chart, Curve
from .content import StudyContent
from .showing import chart
from .verdicts import by_expected, placed

CLOCKS = {
    "evaluations": "gradients of a mini-batch",
    "steps": "steps",
    "seconds": "seconds",
}
_NATS = ("cross entropy", "binary cross entropy")
_ROOM = 1.15  # above and below what is drawn
_SMALL = 215  # units: height of a picture of many
_SAME = 1.25  # clocks that differ by less give the same picture


def small_curves(study: StudyContent, show, problem: str):
    """Medians by gradients, with the target that the page goes by: one of many."""
    facts = study.problems[problem]
    curves = lines(study, problem, "evaluations", banded=False)
    levels = ((study.goal_words.removeprefix("the "), facts[study.goal]),)
    what = _chart(study, problem, "evaluations", (curves, levels), _SMALL)
    return chart(show, f"curves-{problem}", what, (facts["title"], ""))


def curves_of(study: StudyContent, show, problem: str):
    """Medians and quartiles on every clock that differs from those before it."""
    facts = study.problems[problem]
    levels = (("target", facts["value"]), ("easy target", facts["easy"]))
    pictures = []
    for clock in clocks(study, problem):
        given = lines(study, problem, clock, banded=True), levels
        what = _chart(study, problem, clock, given)
        about = (f"Loss by {CLOCKS[clock]}", "")
        pictures.append(chart(show, f"by-{clock}", what, about))
    return pictures


def clocks(study: StudyContent, problem: str) -> list[str]:
    """Gradients; steps where they are not the same; seconds where they were quiet."""
    drawn = study.highlights(by_expected(study, problem))
    passes = [study.winner(problem, name)["curve"]["per_pass"] for name in drawn]
    chosen = ["evaluations"]
    if any(_differ(unit["steps"], unit["evaluations"]) for unit in passes):
        chosen.append("steps")
    return chosen if study.by_seconds is None else [*chosen, "seconds"]


def _differ(one, other):
    """Would a picture on the other clock look another way?"""
    return max(one, other) > _SAME * min(one, other)


def lines(study: StudyContent, problem: str, clock: str, banded: bool) -> list[Curve]:
    """A line an optimizer; the first of those that met the target is called so."""
    order = by_expected(study, problem)
    first = next(iter(placed(study, problem)), None)
    found = []
    for name, look in study.highlights(order).items():
        curve = study.winner(problem, name)["curve"]
        unit, loss = _unit(study, problem, name, clock), curve["val_loss"]
        label = study.label(name)
        found.append(
            Curve(
                f"{label} (first)" if name == first else label,
                [float(f"{p * unit:.5g}") for p in curve["passes"]],
                loss["median"],
                loss["low"] if banded else None,
                loss["high"] if banded else None,
                look,
            )
        )
    return found


def _unit(study, problem, name, clock):
    """What a pass costs on a clock; seconds are those of a measurement of its own."""
    unit = study.winner(problem, name)["curve"]["per_pass"]
    if clock != "seconds":
        return unit[clock]
    per_step = study["seconds_measured"]["per_step"].get(problem, {}).get(name)
    return per_step[0] * unit["steps"] if per_step else unit["seconds"]


def _chart(study, problem, clock, given, height=280):
    curves, levels = given
    return Chart(
        CLOCKS[clock],
        f"validation loss{_loss_unit(study, problem)}",
        curves,
        x_scale="log" if clock == "seconds" else "linear",
        levels=levels,
        limits=limits(curves, [level for _, level in levels]),
        height=height,
    )


def _loss_unit(study, problem):
    return " (nats)" if study.problems[problem]["trial"].get("Loss") in _NATS else ""


def limits(curves, levels):
    """From the least of all to where the lines begin; what is above leaves."""
    known = [line for c in curves if (line := [y for y in c.y if y and y > 0])]
    least = min([*levels, *(min(line) for line in known)])
    starts = sorted(line[0] for line in known) or [max(levels)]
    # A start that is far above most others is one that explodes.
    start = starts[(9 * (len(starts) - 1)) // 10]
    return least / _ROOM, max(start, *levels) * _ROOM
