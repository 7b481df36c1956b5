"""A line plot of any quantities, with named vertical lines."""

from textwrap import fill

import numpy as np

from ..words import number
from . import style
from .direct import Named, write_names
from .looks import look
from .readings import tell
from .series import finite_of, floats, marks, shown, thinned
from .ticks import scale_axis

_PLOT_HEIGHT = 260
_BESIDE_HEIGHT, _AROUND = 300, 62  # units; those above and below the axes


def draw_lines(plot):
    """The figure of one `plots` dict of kind `line`."""
    if plot.get("names") == "beside":
        return _named_beside(plot)
    labels = [fill(series["label"], 46) for series in plot["series"]]
    verticals = [(fill(_named(v), 46), v["x"]) for v in plot.get("verticals") or ()]
    height = style.legend_height([*labels, *(label for label, _ in verticals)])
    figure, axes = style.canvas(_PLOT_HEIGHT + height)
    xs, ys = [], []
    for place, (series, label) in enumerate(zip(plot["series"], labels, strict=True)):
        x, y = _draw(axes, plot, series, label, place)
        xs.append(x)
        ys.append(y)
    for place, (label, x) in enumerate(verticals):
        if x is not None:
            dashes = style.DASHES[-1 - place % 3]
            axes.axvline(x, color=style.TEXT, linestyle=dashes, label=label)
            xs.append(np.array([x], dtype=float))
    scale_axis(axes, "x", plot["x_scale"], finite_of(*xs))
    scale_axis(axes, "y", plot["y_scale"], finite_of(*ys))
    if counts := _few_counts(plot):
        axes.set_xticks(counts)
    axes.set_xlabel(plot["x_label"])
    axes.set_title(plot["y_label"], loc="left", color=style.TEXT)
    style.legend_below(figure, style.labelled(axes))
    return figure


def _few_counts(plot):
    """The whole numbers of a linear axis with few of them, such as threads."""
    found = sorted({x for series in plot["series"] for x in series["x"]})
    whole = all(isinstance(x, int) for x in found)
    return found if plot["x_scale"] == "linear" and whole and len(found) < 9 else []


def _named_beside(plot):
    """Up to eight lines of few points, each with its name beside its end."""
    verticals = [(_named(v), v["x"]) for v in plot.get("verticals") or ()]
    height = style.legend_height([label for label, _ in verticals]) if verticals else 0
    figure, axes = style.canvas(_BESIDE_HEIGHT + height)
    lines = [
        Named(
            series["label"],
            place,
            shown(floats(series["x"]), plot["x_scale"]),
            shown(floats(series["y"]), plot["y_scale"]),
        )
        for place, series in enumerate(plot["series"])
    ]
    for line in lines:
        (drawn,) = axes.plot(line.x, line.y, **look(line.look), linewidth=1.8)
        tell(drawn, line.label)
    for label, x in verticals:
        axes.axvline(x, color=style.TEXT, linestyle="--", linewidth=1, label=label)
    xs = [line.x for line in lines] + [np.array([x]) for _, x in verticals]
    scale_axis(axes, "x", plot["x_scale"], finite_of(*xs))
    scale_axis(axes, "y", plot["y_scale"], finite_of(*(line.y for line in lines)))
    axes.set_xlabel(plot["x_label"])
    axes.set_title(plot["y_label"], loc="left", color=style.TEXT)
    axes.set_xlim(*axes.get_xlim())
    axes.set_ylim(*axes.get_ylim())
    write_names(axes, lines, _BESIDE_HEIGHT - _AROUND)
    style.legend_below(figure, style.labelled(axes))
    return figure


def _draw(axes, plot, series, label, place):
    x = shown(floats(series["x"]), plot["x_scale"])
    y = shown(floats(series["y"]), plot["y_scale"])
    x, y = thinned(x, y)
    few = len(x) <= 20
    look = place % len(style.PALETTE)
    band = ()
    if series.get("low"):
        ends = (shown(floats(series[e]), plot["y_scale"]) for e in ("low", "high"))
        colour = style.PALETTE[look]
        band = thinned(*ends)
        axes.fill_between(x, *band, color=colour, alpha=0.12, linewidth=0)
    (line,) = axes.plot(
        x,
        y,
        color=style.PALETTE[look],
        linestyle=style.DASHES[look],
        marker=style.MARKERS[look],
        markevery=None if few else marks(len(x), place),
        label=label,
    )
    tell(line, series["label"], *band)
    return x, y


def _named(vertical):
    return f"{vertical['label']}: {number(vertical['x'])}"


def describe_lines(plot):
    """What the picture shows, in words, for those who do not see it."""
    sentences = [f"Line chart of {plot['y_label']} by {plot['x_label']}."]
    for series in plot["series"]:
        x, y = floats(series["x"]), floats(series["y"])
        known = np.isfinite(x) & np.isfinite(y)
        if known.any():
            (x0, x1), (y0, y1) = x[known][[0, -1]], y[known][[0, -1]]
            sentences.append(
                f"{series['label']}: {number(float(y0))} at {number(float(x0))},"
                f" {number(float(y1))} at {number(float(x1))}."
            )
    named = [_named(vertical) for vertical in plot.get("verticals") or ()]
    if named:
        sentences.append(f"Vertical lines: {'; '.join(named)}.")
    return " ".join(sentences)
