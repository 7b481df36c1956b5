"""A grid of signs: a row a thing, a column a task, one of a few verdicts a cell."""

from matplotlib.lines import Line2D

from . import style

_ROW, _LETTER, _AXIS = 20, 7.0, 30  # units


def draw_grid(rows, columns, verdicts):
    """rows: [(label, [name of a verdict or None])]; verdicts: {name: ShownVerdict}."""
    keys = [(_sign(verdict), verdict.name) for verdict in verdicts.values()]
    head = _LETTER * max(map(len, columns), default=0)
    height = (
        _ROW * max(len(rows), 2) + head + _AXIS + style.legend_height(keys_of(keys), 2)
    )
    figure, axes = style.canvas(height)
    for name, verdict in verdicts.items():
        axes.plot(*places(rows, name), **_look(verdict))
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(max(len(rows), 2) - 0.4, -0.6)
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=style.TEXT)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    style.legend_below(figure, keys, 2)
    return figure


def places(rows, verdict):
    """(xs, ys) of the cells of one verdict: as one line they are a small picture."""
    found = [
        (x, y)
        for y, (_, cells) in enumerate(rows)
        for x, name in enumerate(cells)
        if name == verdict
    ]
    return [x for x, _ in found], [y for _, y in found]


def keys_of(keys):
    """The names of a legend."""
    return [name for _, name in keys]


def _look(verdict):
    return {
        "marker": verdict.marker,
        "color": verdict.colour,
        "markerfacecolor": verdict.colour if verdict.filled else "white",
        "markeredgewidth": 1.5,
        "markersize": 7.5,
        "linestyle": "none",
    }


def _sign(verdict):
    return Line2D([], [], **_look(verdict))


def describe_grid(rows, columns):
    """What the picture shows, in words, for those who do not see it."""
    said = "; ".join(
        f"{label}: "
        + ", ".join(
            f"{c} {name}" for c, name in zip(columns, cells, strict=True) if name
        )
        for label, cells in rows
    )
    return f"Grid of signs, a row an optimizer and a column a problem. {said}."
