"""The metric against the dose of each fix: a small panel a fix, one height for all."""

from textwrap import fill

import numpy as np

from ..words import number
from . import style
from .readings import tell
from .series import finite_of, floats, shown
from .ticks import scale_axis

_COLUMNS, _PANEL = 2, 150  # panels a line; units
_LETTERS = 22  # of a panel's title on one line
_CLEAR = 0.3  # of a panel's width between the numbers of two ticks
_LAW_POINTS = 60  # of a fitted line
_MOST = 3  # ticks of an axis: a panel has room for no more


def draw_doses(fixes, result):
    """The figure of fixes with a `dose`; the baseline's level is a dashed line."""
    lines = -(-len(fixes) // _COLUMNS)
    figure = style.sheet(_PANEL * lines + 20)
    scale, level = result["metric"]["scale"], baseline_level(result)
    curves = [floats(column) for fix in fixes for column in _columns(fix)[1:]]
    heights = shown(finite_of(*curves, floats([level])), scale)
    for place, fix in enumerate(fixes, start=1):
        axes = figure.add_subplot(lines, _COLUMNS, place)
        _draw(axes, fix, scale)
        if level is not None:
            axes.axhline(level, color=style.FAINT, linestyle="--", linewidth=1.4)
        scale_axis(axes, "y", scale, finite_of(heights))
        axes.set_ylim(*_ends(finite_of(heights), scale))
        low, high = axes.get_ylim()
        ticks = [t for t in axes.get_yticks() if low <= t <= high]
        axes.set_yticks(ticks[:: -(-len(ticks) // _MOST)])
        axes.set_title(fill(fix["label"], _LETTERS), loc="left", color=style.TEXT)
    return figure


def _columns(fix):
    """Dose, value, low and high as columns."""
    return list(zip(*fix["dose"]["curve"], strict=True))


def _draw(axes, fix, scale):
    dose = fix["dose"]
    x, *ends = (floats(column) for column in _columns(fix))
    y, low, high = (shown(values, scale) for values in ends)
    axes.fill_between(x, low, high, color=style.PALETTE[0], alpha=0.16, linewidth=0)
    how = {"color": style.PALETTE[0], "marker": "o"}
    (line,) = axes.plot(x, y, **how, markerfacecolor="white")
    tell(line, fix["label"], low, high)
    chosen = x == dose["chosen"]
    axes.plot(x[chosen], y[chosen], **how, markersize=9)
    if dose.get("law"):
        at, values = law_line(dose)
        dashed = {"color": style.PALETTE[1], "ls": "-.", "linewidth": 1.2}
        axes.plot(at, shown(values, scale), **dashed)
    scale_axis(axes, "x", dose["scale"] if (x > 0).all() else "linear", x)
    ticks = _apart(axes, x, dose["chosen"])
    axes.set_xticks(ticks, [number(float(tick)) for tick in ticks])
    axes.set_xlabel(dose["name"])


def law_line(dose):
    """(doses, values): the fitted power law between the first and the last dose."""
    law, doses = dose["law"], floats([x for x, *_ in dose["curve"]])
    at = np.geomspace(doses[0], doses[-1], _LAW_POINTS)
    rows = np.array(law["rows"], dtype=float)
    return at, law_at(law, np.interp(at, doses, rows[-len(doses) :]))


def law_at(law, rows):
    """What a fitted power law says of so many rows, a number or an array."""
    multiples = rows / law["rows"][0]
    return law["scale"] * multiples ** -law["exponent"][0] + law["floor"][0]


def _apart(axes, x, chosen):
    """The chosen dose, and those ends whose numbers stand clear of it."""
    places = axes.transData.transform([(tick, 1.0) for tick in (x[0], chosen, x[-1])])
    left, middle, right = (places - places[0])[:, 0] / np.ptp(places[:, 0])
    ends = ((x[0], middle - left), (x[-1], right - middle))
    return [*(end for end, away in ends if away > _CLEAR), chosen]


def _ends(values, scale):
    """A little more than all values need; what explodes leaves at the top."""
    if scale != "log" or not (values > 0).all():
        room = 0.05 * float(np.ptp(values)) or 1.0
        return values.min() - room, values.max() + room
    return values.min() / 1.1, min(values.max(), 30 * values.min()) * 1.1


def baseline_level(result):
    """What the baseline reached at its tuned rate on the same seeds, or None."""
    rate = result.get("rate")
    if not rate:
        return None
    return next((y for x, y, *_ in rate["curve"] if x == rate["chosen"]), None)


def describe_doses(fixes, result):
    """What the picture shows, in words, for those who do not see it."""
    said = []
    for fix in fixes:
        dose = fix["dose"]
        ends = "; ".join(f"{number(x)}: {number(y)}" for x, y, *_ in dose["curve"])
        chosen = number(dose["chosen"])
        law = " A dash-dotted line is the fitted power law." if dose.get("law") else ""
        said.append(f"{fix['label']} by {dose['name']}: {ends}. Chosen: {chosen}.{law}")
    level = baseline_level(result)
    line = (
        "" if level is None else f" The dashed line is the baseline, {number(level)}."
    )
    return f"Line charts, one for each fix.{line} {' '.join(said)}"
