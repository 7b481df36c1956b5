"""A matrix of pairs: which row was shown to be better than which column, or worse."""

from itertools import groupby

from matplotlib.patches import Patch

from . import style

_ROW, _AXES = 17, 44  # units
BETTER, WORSE, SELF = style.PALETTE[0], "#F2C9A0", "#9AA0A6"


def draw_matrix(labels, better):
    """labels: of the rows and columns in order; better: bool[m][m], row over column."""
    m = len(labels)
    keys = [
        (Patch(facecolor=BETTER), "row is better"),
        (Patch(facecolor=WORSE), "column is better"),
    ]
    figure, axes = style.canvas(_ROW * max(m, 3) + _AXES + style.legend_height("ab", 2))
    for y in range(m):
        for x, length, colour in runs(y, better):
            axes.broken_barh(
                [(x - 0.5, length)], (y - 0.42, 0.84), color=colour, linewidth=0
            )
    for x in range(m + 1):
        axes.axvline(x - 0.5, color="white", linewidth=0.9)
    axes.set_xlim(-0.5, m - 0.5)
    axes.set_ylim(m - 0.5, -0.5)
    axes.set_yticks(range(m), [f"{name}  {y + 1}" for y, name in enumerate(labels)])
    shown = [0, *range(4, m, 5)] if m > 9 else range(m)
    axes.set_xticks(shown, [str(x + 1) for x in shown])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelcolor=style.TEXT)
    axes.grid(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    style.legend_below(figure, keys, 2)
    return figure


def runs(row, better):
    """[(first column, columns, colour)] of a row, neighbours of one kind together."""
    found, x = [], 0
    for colour, cells in groupby(range(len(better)), lambda k: _kind(row, k, better)):
        length = len(list(cells))
        if colour:
            found.append((x, length, colour))
        x += length
    return found


def _kind(row, column, better):
    if row == column:
        return SELF
    return BETTER if better[row][column] else WORSE if better[column][row] else None


def describe_matrix(labels, better):
    """What the picture shows, in words, for those who do not see it."""
    rows = "; ".join(
        f"{name} is better than {sum(better[y])} and beaten by"
        f" {sum(row[y] for row in better)}"
        for y, name in enumerate(labels)
    )
    return f"Matrix of pairs, a row and a column an optimizer. {rows}."
