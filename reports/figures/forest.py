"""Forest plot: the effect of every fix, its intervals, and what is too small to matter.

A row has its label above its interval, so that the picture stays legible on a phone.
"""

from dataclasses import dataclass
from math import isfinite
from textwrap import shorten

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..verdicts import VERDICTS, by_lower_bound, remedies
from ..words import between, glued, outcome
from . import style
from .ticks import effect_ticks

_ROW, _AXIS = 38, 74  # units
_LABEL_CHARS = 50
_GAP = 4 * "\N{EM SPACE}"
_PAPER = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1}


@dataclass(frozen=True)
class Limits:
    """The effects that an axis shows."""

    low: float
    high: float


def draw_forest(result):
    """The figure of all fixes, surest gain first, and below them the controls."""
    fixes = remedies(result)
    controls = by_lower_bound([fix for fix in result["fixes"] if fix["role"] != "fix"])
    rows = [*fixes, *([None] if controls else []), *controls]
    keys = _keys(result)
    height = style.legend_height([label for _, label in keys], columns=2)
    figure, axes = style.canvas(_ROW * len(rows) + _AXIS + height)
    limits = limits_of(result)
    known = has_effects(result)
    if known:
        shade(axes, result["delta"])
    for row, fix in enumerate(rows):
        if fix is None:
            _divide(axes, row)
            continue
        _write(axes, row, fix["label"], color=style.TEXT)
        if known and _fits(fix, limits):
            draw_interval(axes, row + 0.42, fix, limits)
        else:
            _say(axes, row + 0.42, fix, result["metric"])
    axes.set_xlim(limits.low, limits.high)
    axes.set_ylim(len(rows) - 0.3, -0.45)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if known:
        _label_effects(axes, limits, result["metric"])
    else:
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
    style.legend_below(figure, keys, columns=2)
    return figure


def limits_of(result):
    """Limits that hold every estimate and the band, and intervals up to a point.

    An interval may be wider than all estimates together: it then ends in an arrow. A
    control may lie so far from all fixes that it is told in words instead.
    """
    fixes, delta = remedies(result), result["delta"]
    centres = [fix["effect"] for fix in fixes if fix["effect"] is not None]
    low, high = min([-2 * delta, *centres]), max([2 * delta, *centres])
    room = 0.6 * (high - low)
    ends = [fix[end] for fix in result["fixes"] for end in ("low", "high")]
    ends = [end for end in ends if end is not None]
    low = max(low - room, min([low, *ends]))
    high = min(high + room, max([high, *ends]))
    margin = 0.05 * (high - low)
    return Limits(low - margin, high + margin)


def shade(axes, delta):
    """The band of effects too small to matter, and the line of no effect."""
    axes.axvspan(-delta, delta, color=style.BAND, linewidth=0, zorder=0.5)
    axes.axvline(0, color="#9AA0A6", linewidth=1, zorder=0.6)


def draw_interval(axes, y, fix, limits, size=7.0):
    """An interval, its 90 % part thicker, the estimate in the sign of its verdict."""
    verdict = VERDICTS[fix["verdict"]]
    for ends, width in ((("low", "high"), 1.6), (("low90", "high90"), 4)):
        left, right = (_within(fix[end], limits, end) for end in ends)
        axes.plot([left, right], [y, y], color=verdict.colour, linewidth=width)
    for end, marker in (("low", "<"), ("high", ">")):
        bound = fix[end]
        if bound is None or not limits.low <= bound <= limits.high:
            x = limits.low if end == "low" else limits.high
            axes.plot(x, y, marker, color=verdict.colour, markersize=7, clip_on=False)
    axes.plot(
        fix["effect"],
        y,
        marker=verdict.marker,
        markersize=size,
        color=verdict.colour,
        markerfacecolor=verdict.colour if verdict.filled else "white",
        markeredgewidth=1.8,
        zorder=3,
    )


def _within(value, limits, end):
    """A bound as far as the axis shows it; a missing one lies beyond."""
    edge = limits.low if end.startswith("low") else limits.high
    if value is None or not isfinite(value):
        return edge
    return min(max(value, limits.low), limits.high)


def has_effects(result):
    """Has any fix an effect with a number? A control alone makes no picture."""
    return any(fix["effect"] is not None for fix in remedies(result))


def _fits(fix, limits):
    return fix["effect"] is not None and limits.low <= fix["effect"] <= limits.high


def _say(axes, y, fix, metric):
    """An effect in words, where it is no number or lies beyond the picture."""
    verdict = VERDICTS[fix["verdict"]]
    beyond = ", beyond this picture" if fix["effect"] else ""
    text = f"{verdict.sign} {outcome(fix, metric)}{beyond}"
    _write(axes, y, text, color=verdict.colour)


def _divide(axes, row):
    axes.axhline(row - 0.12, color="#9AA0A6", linewidth=0.8)
    _write(axes, row + 0.3, "Controls: they test the test", color=style.FAINT)


def _write(axes, y, text, color):
    text = shorten(text, _LABEL_CHARS, placeholder="…")
    place = axes.get_yaxis_transform()
    written = axes.text(0, y, text, transform=place, va="center", color=color)
    written.set_bbox(_PAPER)
    written.set_in_layout(False)  # a long label must not squeeze the axes


def _label_effects(axes, limits, metric):
    ticks = effect_ticks(limits.low, limits.high, metric)
    axes.set_xticks([tick for tick, _ in ticks], [label for _, label in ticks])
    axes.set_xlabel(f"← worse{_GAP}{metric['label']}{_GAP}better →")


def _keys(result):
    """[(handle, label)] of the legend: the band, the bars, the verdicts that occur."""
    used = {fix["verdict"] for fix in result["fixes"]}
    signs = [_sign(v) for name, v in VERDICTS.items() if name in used]
    if not has_effects(result):
        return signs
    too_small = f"too small to matter ({glued(result['delta_label'])})"
    bars = [
        (Patch(color="#D3DAE3"), too_small),
        (Line2D([], [], color=style.FAINT, linewidth=1.6), "simultaneous interval"),
        (Line2D([], [], color=style.FAINT, linewidth=4), "90 % interval"),
    ]
    return [*bars, *signs]


def _sign(verdict):
    handle = Line2D(
        [],
        [],
        linestyle="none",
        marker=verdict.marker,
        color=verdict.colour,
        markersize=8,
        markeredgewidth=1.8,
        markerfacecolor=verdict.colour if verdict.filled else "white",
    )
    return handle, verdict.name


def describe_forest(result):
    """What the picture shows, in words, for those who do not see it."""
    metric = result["metric"]

    def words(fix):
        ends = between(fix["low"], fix["high"], metric)
        known = f" ({ends})" if fix["effect"] is not None else ""
        return f"{fix['label']}: {outcome(fix, metric)}{known}, {fix['verdict']}"

    rows = "; ".join(words(fix) for fix in remedies(result)) or "no fix was tried"
    return f"Forest plot of the effect on {metric['label']}, surest gain first. {rows}."
