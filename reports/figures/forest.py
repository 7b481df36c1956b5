"""Forest plot: the effect of every fix, its intervals, and what is too small to matter.

Each row has its name beside the grid; small dots are the seeds.
"""

from dataclasses import dataclass
from math import isfinite
from textwrap import wrap

from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path

from ..effect import gains, said_of
from ..verdicts import VERDICTS, by_lower_bound, remedies
from ..words import times_between
from . import style
from .effect_ticks import effect_ticks

_LINE, _PAD, _AXIS = 15, 17, 62  # units: a line of a name, the room around it, the axis
_NAME_CHARS, _NAME_LINES = 23, 3
_SAID_CHARS = 30
_GAP = 4 * "\N{EM SPACE}"
_PAPER = {"facecolor": "white", "linewidth": 0, "pad": 1.5}
_BESIDE = 8  # units between a name and the grid
_DOTS = 0.27  # rows below the interval


@dataclass(frozen=True)
class Limits:
    """The effects that an axis shows."""

    low: float
    high: float


@dataclass(frozen=True)
class ForestRow:
    """A fix and its place; y grows downwards. fix None: the line above the controls."""

    y: float
    height: float
    name: str
    fix: dict | None


def draw_forest(result):
    """The figure of all fixes, surest gain first, and below them the controls."""
    fixes = remedies(result)
    controls = by_lower_bound([fix for fix in result["fixes"] if fix["role"] != "fix"])
    rows = placed([*fixes, *([None] if controls else []), *controls])
    keys = _keys(result)
    height = style.legend_height([label for _, label in keys], columns=2)
    figure = draw_rows(rows, result, height)
    style.legend_below(figure, keys, columns=2)
    return figure


def draw_rows(rows, result, more=0):
    """A figure with these rows; more: units of height kept for a legend."""
    figure, axes = style.canvas(rows[-1].y + rows[-1].height / 2 + _AXIS + more)
    limits, known = limits_of(result), has_effects(result)
    if known:
        shade(axes, result["delta"])
    for row in rows:
        if row.fix is None:
            axes.axhline(row.y, color="#9AA0A6", linewidth=0.8)
        elif known and _fits(row.fix, limits):
            draw_interval(axes, row.y, row.fix, limits)
            draw_seeds(axes, row, result["metric"], limits)
        else:
            _say(axes, row.y, row.fix, result["metric"])
    axes.set_xlim(limits.low, limits.high)
    axes.set_ylim(rows[-1].y + rows[-1].height / 2, 0)
    _name_rows(axes, rows)
    if known:
        _label_effects(axes, limits, result["metric"])
    else:
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
    return figure


def placed(fixes):
    """The `ForestRow` of each fix, from the top down; None becomes a line across."""
    rows, y = [], 0.0
    for fix in fixes:
        lines = _name(fix["label"]) if fix else ["Controls"]
        height = _LINE * len(lines) + _PAD
        rows.append(ForestRow(y + height / 2, height, "\n".join(lines), fix))
        y += height
    return rows


def _name(label):
    """The lines of a name; what is left out ends in an ellipsis."""
    lines = wrap(label, _NAME_CHARS) or [""]
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], f"{lines[_NAME_LINES - 1]}…"]
    return lines


def _name_rows(axes, rows):
    """Names beside the grid, which has no horizontal lines."""
    axes.grid(False, axis="y")
    axes.set_yticks([row.y for row in rows], [row.name for row in rows])
    # From a common left edge, which stays one whatever font a browser has.
    lines = [line for row in rows for line in row.name.split("\n")]
    pad = _BESIDE + max(_units(line) for line in lines)
    axes.tick_params(axis="y", length=0, labelcolor=style.TEXT, pad=pad)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set(horizontalalignment="left", linespacing=1.05)
        if row.fix is None:
            label.set_color(style.FAINT)
    axes.spines["left"].set_visible(False)


def _units(text):
    """Width of a line of text in units: far cheaper than the extents of its path."""
    font = FontProperties(size=12)
    return text_to_path.get_text_width_height_descent(text, font, False)[0]


def limits_of(result):
    """Limits that hold every estimate and the band, and intervals up to a point.

    An interval may be wider than all estimates together: it then ends in an arrow. A
    control may lie so far from all fixes that it is told in words instead.
    """
    fixes, delta = remedies(result), result["delta"]
    centres = [fix["gain"] for fix in fixes if fix["gain"] is not None]
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
        fix["gain"],
        y,
        marker=verdict.marker,
        markersize=size,
        color=verdict.colour,
        markerfacecolor=verdict.colour if verdict.filled else "white",
        markeredgewidth=1.8,
        zorder=3,
    )


def draw_seeds(axes, row, metric, limits):
    """A small dot for each seed below the interval; those beyond it at the edge."""
    found = gains(row.fix, metric)
    if not found:
        return
    x = [min(max(gain, limits.low), limits.high) for gain in found]
    y = [row.y + _DOTS * row.height] * len(x)
    axes.scatter(x, y, s=9, color=style.TEXT, alpha=0.45, linewidths=0, clip_on=False)


def _within(value, limits, end):
    """A bound as far as the axis shows it; a missing one lies beyond."""
    edge = limits.low if end.startswith("low") else limits.high
    if value is None or not isfinite(value):
        return edge
    return min(max(value, limits.low), limits.high)


def has_effects(result):
    """Has any fix an effect with a number? A control alone makes no picture."""
    return any(fix["gain"] is not None for fix in remedies(result))


def _fits(fix, limits):
    return fix["gain"] is not None and limits.low <= fix["gain"] <= limits.high


def _say(axes, y, fix, metric):
    """An effect in words, where it is no number or lies beyond the picture."""
    verdict = VERDICTS[fix["verdict"]]
    beyond = ", beyond this picture" if fix["gain"] else ""
    text = f"{verdict.sign} {said_of(fix, metric)}{beyond}"
    place = axes.get_yaxis_transform()
    lines = "\n".join(wrap(text, _SAID_CHARS))
    written = axes.text(0.02, y, lines, transform=place, va="center")
    written.set(color=verdict.colour, bbox=_PAPER)
    written.set_in_layout(False)  # a long text must not squeeze the axes


def _label_effects(axes, limits, metric):
    ticks = effect_ticks(limits.low, limits.high, metric)
    axes.set_xticks([tick for tick, _ in ticks], [label for _, label in ticks])
    axes.set_xlabel(f"← worse{_GAP}better →")


def _keys(result):
    """[(handle, label)] of the legend: the band, the bars, the verdicts that occur."""
    used = {fix["verdict"] for fix in result["fixes"]}
    signs = [_sign(v) for name, v in VERDICTS.items() if name in used]
    if not has_effects(result):
        return signs
    bars = [
        (Patch(color="#D3DAE3"), f"within {band_of(result)}"),
        (Line2D([], [], color=style.FAINT, linewidth=1.6), "95 % jointly"),
        (Line2D([], [], color=style.FAINT, linewidth=4), "90 % interval"),
    ]
    if any(gains(fix, result["metric"]) for fix in result["fixes"]):
        dot = Line2D([], [], linestyle="none", marker="o", markersize=3.5)
        dot.set(color=style.TEXT, alpha=0.45)
        bars.append((dot, "one seed"))
    return [*bars, *signs]


def band_of(result):
    """The effects too small to matter, as a ratio or in points: ×.95 to 1.05."""
    if result["metric"]["scale"] == "log":
        ratio = result["delta_ratio"]
        return f"×{times_between(*sorted((ratio, 1 / ratio)))}"
    return f"±{result['delta_label']}"


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
        return f"{fix['label']}: {said_of(fix, metric)}, {fix['verdict']}"

    rows = "; ".join(words(fix) for fix in remedies(result)) or "no fix was tried"
    return f"Forest plot of the effect on {metric['label']}, surest gain first. {rows}."
