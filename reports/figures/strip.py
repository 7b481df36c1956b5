"""The forest plot of a scenario in small, for the index: signs and intervals only."""

from ..verdicts import remedies
from . import style
from .forest import draw_interval, limits_of, shade
from .ticks import effect_ticks

_ROW, _AXIS = 15, 44  # units


def draw_strip(result):
    """A figure with one bare row per fix, surest gain first."""
    measured = [fix for fix in remedies(result) if fix["effect"] is not None]
    limits = limits_of({**result, "fixes": measured})
    figure, axes = style.canvas(_ROW * max(3, len(measured)) + _AXIS)
    shade(axes, result["delta"])
    for row, fix in enumerate(measured):
        draw_interval(axes, row, fix, limits, size=6.0)
    axes.set_xlim(limits.low, limits.high)
    axes.set_ylim(max(3, len(measured)) - 0.4, -0.6)
    ticks = effect_ticks(limits.low, limits.high, result["metric"])
    axes.set_xticks([tick for tick, _ in ticks], [label for _, label in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return figure
