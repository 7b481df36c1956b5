"""Horizontal bars, the label above each: parts of a whole, or shares of a ceiling."""

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..words import percent
from . import style

_ROW, _AXIS = 42, 54  # units
_HEIGHT = 0.46
_SAID = 0.1  # a part below this share is too narrow for its number
_HATCHES = ("", "///", "...", "\\\\\\", "xxx", "--")
_REST = ("#D3DAE3", "")
_PAPER = {"facecolor": "white", "alpha": 0.88, "linewidth": 0, "pad": 1.2}


def draw_parts(bars, names):
    """Stacked bars of [(label, {name: share of 1})]; names: all parts in their order.

    The part named last may be the rest, which is drawn pale.
    """
    looks = dict(zip(names, _looks(names), strict=True))
    keys = [(_patch(looks[name]), name) for name in names]
    height = style.legend_height(names, columns=3)
    figure, axes = _bars(bars, height)
    for row, (_, shares) in enumerate(bars):
        start = 0.0
        for name in names:
            share = shares.get(name, 0.0)
            _draw_bar(axes, row, start, share, looks[name])
            if share >= _SAID:
                middle = start + share / 2
                _say(axes, middle, row, percent(round(share, 2)))
            start += share
    _label_shares(axes, 1.0, "share of the time of a step")
    style.legend_below(figure, keys, columns=3)
    return figure


def draw_shares(bars, axis, line):
    """Bars of [(label, share)] with a line at 1, which `line` names."""
    keys = [(_rule(), line)]
    figure, axes = _bars(bars, style.legend_height([line]))
    most = max(1.0, *(share for _, share in bars))
    for row, (_, share) in enumerate(bars):
        _draw_bar(axes, row, 0, share, (style.PALETTE[0], ""))
    axes.axvline(1, color=style.TEXT, linestyle="--", linewidth=1.6)
    _label_shares(axes, 1.04 * most, axis)
    style.legend_below(figure, keys)
    return figure


def _bars(bars, height):
    figure, axes = style.canvas(_ROW * len(bars) + _AXIS + height)
    axes.set_ylim(len(bars) - 0.15, -0.3)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for row, (label, *_) in enumerate(bars):
        written = axes.text(
            0, row, label, transform=axes.get_yaxis_transform(), va="center"
        )
        written.set_bbox(_PAPER)
        written.set_in_layout(False)
    return figure, axes


def _draw_bar(axes, row, start, width, look):
    colour, hatch = look
    axes.barh(
        row + 0.46,
        width,
        left=start,
        height=_HEIGHT,
        color=colour,
        hatch=hatch,
        edgecolor="white",
        linewidth=1,
    )


def _say(axes, x, row, text):
    axes.text(x, row + 0.46, text, ha="center", va="center_baseline", bbox=_PAPER)


def _label_shares(axes, end, name):
    axes.set_xlim(0, end)
    step = 0.25 if end < 1.6 else 0.5
    ticks = [step * place for place in range(int(end / step) + 1)][:9]
    axes.set_xticks(ticks, [percent(tick) for tick in ticks])
    axes.set_xlabel(name)


def _looks(names):
    looks = list(zip(style.PALETTE, _HATCHES, strict=True))
    return [_REST if name == "the rest" else looks[i] for i, name in enumerate(names)]


def _patch(look):
    colour, hatch = look
    return Patch(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=1)


def _rule():
    return Line2D([], [], color=style.TEXT, linestyle="--", linewidth=1.6)
