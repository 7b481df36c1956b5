"""A map of speed ratios over width and batch, and the line where they pass 1."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..words import factor, number
from . import style

_ROW, _AXES = 34, 70  # units
# From the colour of "slower" over white to that of "faster"; pale, for text lies on it.
_COLOURS = ("#F4B183", "#FFFFFF", "#9CC9E8")


def draw_crossover(cells, lines):
    """The figure.

    cells: {(width, batch): ratio, above 1 where the GPU is faster}; lines: dicts of
    `crossovers` (batch, width, low, high; None is beyond the widest, 0 below the
    narrowest).
    """
    widths, batches = (sorted({cell[k] for cell in cells}) for k in (0, 1))
    figure, axes = style.canvas(_ROW * len(batches) + _AXES + style.legend_height("12"))
    grid = np.full((len(batches), len(widths)), np.nan)
    for (width, batch), ratio in cells.items():
        grid[batches.index(batch), widths.index(width)] = np.log2(ratio)
    most = max(1.0, float(np.nanmax(np.abs(grid))))
    norm = TwoSlopeNorm(0.0, -most, most)
    edges = (np.arange(len(each) + 1) - 0.5 for each in (widths, batches))
    axes.pcolormesh(
        *edges,
        grid,
        cmap=LinearSegmentedColormap.from_list("ratio", _COLOURS),
        norm=norm,
    )
    for (width, batch), ratio in cells.items():
        at = (widths.index(width), batches.index(batch))
        axes.annotate(factor(ratio), at, ha="center", va="center", color=style.TEXT)
    for line in lines:
        _draw_line(axes, line, widths, batches)
    axes.set_xticks(range(len(widths)), [number(width) for width in widths])
    axes.set_yticks(range(len(batches)), [number(batch) for batch in batches])
    axes.grid(visible=False)
    axes.set_xlabel("units of each hidden layer")
    axes.set_title("rows of a batch", loc="left", color=style.TEXT)
    style.legend_below(figure, _keys())
    return figure


def _draw_line(axes, line, widths, batches):
    """The crossing of a batch, and its interval, in places of the columns."""
    middle, low, high = (
        _place(line[name], widths) for name in ("width", "low", "high")
    )
    y = batches.index(line["batch"])
    axes.plot([low, high], [y, y], color=style.TEXT, linewidth=6, alpha=0.25)
    axes.plot([middle, middle], [y - 0.5, y + 0.5], color=style.TEXT)


def _place(width, widths):
    """A width as a place among the columns, which are a logarithm apart."""
    if width is None:
        return len(widths) - 0.5
    if width <= 0:
        return -0.5
    return float(np.interp(np.log(width), np.log(widths), range(len(widths))))


def _keys():
    cross = Line2D([], [], color=style.TEXT)
    band = Line2D([], [], color=style.TEXT, linewidth=6, alpha=0.25)
    faster, slower = Patch(color=_COLOURS[2]), Patch(color=_COLOURS[0])
    return [
        (cross, "from here on the GPU is faster"),
        (band, "95 % interval of that line"),
        (faster, "GPU faster, as many times as it says"),
        (slower, "processor faster"),
    ]


def describe_crossover(cells, lines):
    """What the picture shows, in words."""
    found = "; ".join(
        f"width {width}, batch {batch}: {factor(ratio)}"
        for (width, batch), ratio in sorted(cells.items())
    )
    return f"Processor's time by the GPU's. {found}."
