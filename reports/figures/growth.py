"""How time and memory grow along one axis: two small panels with fitted lines."""

import numpy as np
from matplotlib.ticker import LogLocator

from ..words import factor, factors, number
from . import style
from .readings import tell
from .series import finite_of, floats, shown
from .ticks import scale_axis

_PLOT_HEIGHT = 180
_TIME, _MEMORY = 0, 1  # looks of the style
AXES = {"batch": "batch size", "networks": "number of networks"}


def draw_growth(entry):
    """The figure of an entry of `growth`: seconds on the left, bytes on the right."""
    panels = [
        ("time, µs", floats(entry["seconds"]) * 1e6, "time_exponent", _TIME),
        ("memory, MB", floats(entry["bytes"]) / 1e6, "memory_exponent", _MEMORY),
    ]
    words = [exponent_words(entry, "time"), exponent_words(entry, "memory")]
    height = style.legend_height(words)
    figure, both = style.panels(_PLOT_HEIGHT + height, 2)
    x = floats(entry["x"])
    keys = []
    for axes, panel, said in zip(both, panels, words, strict=True):
        name, values, exponent, look = panel
        y = shown(values[: x.size], "log")
        (line,) = axes.plot(
            x[: y.size],
            y,
            color=style.PALETTE[look],
            marker=style.MARKERS[look],
            linestyle="none",
        )
        tell(line, name)
        _draw_fit(axes, (x[: y.size], y), entry, exponent, look)
        keys.append((line, said))
        _scale_size(axes, finite_of(x))
        scale_axis(axes, "y", "log", finite_of(y))
        axes.margins(0.09)
        axes.set_xlabel(AXES.get(entry["axis"], entry["axis"]))
        axes.set_title(name, loc="left", color=style.TEXT)
    style.legend_below(figure, keys)
    return figure


def _scale_size(axes, x):
    """A log axis whose ticks are few enough for a panel of half the width."""
    scale_axis(axes, "x", "log", x)
    positive = x[x > 0]
    if positive.size and positive.max() > 99 * positive.min():
        axes.xaxis.set_major_locator(LogLocator(base=10, numticks=4))


def _draw_fit(axes, measured, entry, exponent, look):
    """The power law through the middle of the points it was fitted to."""
    fitted = (entry.get(exponent) or {}).get("value")
    x, y = measured
    known = np.isfinite(x) & np.isfinite(y) & (x >= (entry.get("from") or 0))
    if fitted is None or not known.any():
        return
    logs = np.log(x[known])
    middle = np.mean(np.log(y[known]) - fitted * logs)
    axes.plot(
        x[known],
        np.exp(middle + fitted * logs),
        color=style.PALETTE[look],
        linestyle=style.DASHES[1],
        linewidth=1.6,
        zorder=1.5,
    )


def exponent_words(entry, what):
    """The exponent of time or memory with its interval: time: 1.82 (1.76 to 1.87)."""
    fit = entry.get(f"{what}_exponent") or {}
    if fit.get("value") is None:
        return f"{what}: no exponent fitted"
    ends = factors(fit.get("low"), fit.get("high"))
    interval = f" ({ends})" if ends else ""
    return f"{what}: exponent {factor(fit['value'])}{interval}"


def describe_growth(entry):
    """What the picture shows, in words, for those who do not see it."""
    said = [f"Two panels, time and memory of a step by {entry['axis']}."]
    for name, values in (("Seconds", entry["seconds"]), ("Bytes", entry["bytes"])):
        known = [value for value in values or () if value is not None]
        if known:
            said.append(f"{name} go from {number(known[0])} to {number(known[-1])}.")
    said += [f"{exponent_words(entry, what)}." for what in ("time", "memory")]
    return " ".join(said)
