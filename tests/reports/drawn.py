"""What a reader sees of a drawn figure, read back from its axes."""

from fnmatch import fnmatch

import numpy as np
import pytest
from gradclinic.reports.figures import picture
from matplotlib.collections import PolyCollection
from matplotlib.colors import same_color
from matplotlib.figure import Figure


def recorded(write):
    """{stem: figure} of all that write() publishes; nothing is saved."""
    figures = {}

    def keep(figure, stem, description):
        figures[stem] = figure
        return ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "inline_svg", keep)
        patch.setattr(Figure, "savefig", lambda self, image, **how: None)
        write()
    return figures


def unmatched(figures, checks):
    """Stems of figures that no check looks at, and checks that look at none."""
    lost = [s for s in figures if not any(fnmatch(s, c) for c in checks)]
    return lost + [c for c in checks if not any(fnmatch(s, c) for s in figures)]


def of(figures, pattern):
    """[(stem, figure)] of the stems that match."""
    return [(s, figure) for s, figure in figures.items() if fnmatch(s, pattern)]


def frame(axes):
    """(scale of x, scale of y, label of x, title at the left)."""
    scales = axes.get_xscale(), axes.get_yscale()
    return *scales, axes.get_xlabel(), axes.get_title(loc="left")


def legend(figure):
    """{label: handle}, line breaks taken out."""
    return {
        text.get_text().replace("\n", " "): handle
        for drawn in figure.legends
        for text, handle in zip(drawn.get_texts(), drawn.legend_handles, strict=True)
    }


def look(line):
    """Colour, dashes and marker of a line or of its sign in the legend.

    matplotlib calls dashes of one's own "--" when asked: only their pattern tells.
    """
    handle = line.lines[0] if hasattr(line, "lines") else line
    marker = handle.get_marker()
    return handle.get_color(), handle._unscaled_dash_pattern, marker


def same_look(one, other):
    (colour, *rest), (second, *others) = look(one), look(other)
    return same_color(colour, second) and rest == others


def series(figure, axes):
    """{label of the legend: (x, y) of the line that looks so}; one line a label."""
    found = {}
    for label, handle in legend(figure).items():
        lines = [ln for ln in axes.lines if same_look(ln, handle)]
        if lines:
            assert len(lines) == 1, f"{label} looks like {len(lines)} lines"
            found[label] = points(lines[0])
    return found


def points(line):
    """(x, y) as lists."""
    return tuple(np.asarray(d, dtype=float).tolist() for d in line.get_data())


def signs(axes):
    """[(x, y, marker, colour, face)] of all that is drawn as a single sign."""
    return [
        (x, y, line.get_marker(), line.get_color(), line.get_markerfacecolor())
        for line in axes.lines
        if line.get_marker() not in ("None", "", None)
        and (len(line.get_xdata()) == 1 or line.get_linestyle() == "None")
        for x, y in zip(*points(line), strict=True)
    ]


def spans(axes):
    """{y: [(low, high, width)]} of the horizontal lines from one x to another."""
    found = {}
    for line in axes.lines:
        x, y = points(line)
        if len(x) == 2 and y[0] == y[1] and line.get_transform() == axes.transData:
            found.setdefault(round(y[0], 6), []).append((*x, line.get_linewidth()))
    return found


def verticals(axes):
    """x of the lines over the whole height."""
    lines = (line for line in axes.lines if list(line.get_ydata()) == [0, 1])
    return [
        points(line)[0][0] for line in lines if line.get_transform() != axes.transData
    ]


def levels(axes):
    """y of the lines over the whole width."""
    lines = (line for line in axes.lines if list(line.get_xdata()) == [0, 1])
    return [
        points(line)[1][0] for line in lines if line.get_transform() != axes.transData
    ]


def bands(axes):
    """[(colour, {x: (low, high)})] of the filled bands."""
    found = []
    for band in axes.collections:
        if isinstance(band, PolyCollection):
            ends = {}
            for x, y in np.concatenate([p.vertices for p in band.get_paths()]):
                low, high = ends.get(float(x), (np.inf, -np.inf))
                ends[float(x)] = min(low, float(y)), max(high, float(y))
            found.append((band.get_facecolor()[0], ends))
    return found


def words(axes):
    """[(y, text)] of what is written in the axes, from the top down."""
    rows = [(text.get_position()[1], text.get_text()) for text in axes.texts]
    return sorted(rows, reverse=not axes.yaxis_inverted())


def ticks(axes, which):
    """{label: place} of an axis."""
    axis = getattr(axes, f"{which}axis")
    labels = [label.get_text() for label in axis.get_ticklabels()]
    return dict(zip(labels, map(float, axis.get_ticklocs()), strict=True))


def named(axes):
    """{name: (x, y)} of the lines whose names stand at their ends.

    A line is told by the sample of its look that stands beside the name.
    """
    beside = (line for line in axes.lines if line.get_transform() == axes.transAxes)
    samples = {round(float(line.get_ydata()[0]), 6): line for line in beside}
    found = {}
    for text in axes.texts:
        x, y = text.get_position()
        if text.get_text() and x > 1 and text.get_transform() == axes.transAxes:
            name = text.get_text().replace("\n", " ")
            sample = samples[round(float(y), 6)]
            lines = [
                line
                for line in axes.lines
                if line.get_transform() == axes.transData and same_look(line, sample)
            ]
            assert len(lines) == 1, f"{name} looks like {len(lines)} lines"
            found[name] = points(lines[0])
    return found
