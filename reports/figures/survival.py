"""Kaplan-Meier curves: the share of seeds still above the target, pass by pass.

Source: Kaplan & Meier (1958), the product-limit estimate. Each step down is a seed
that reached the target; a line that does not come down to zero has seeds that missed.
"""

from textwrap import fill

import numpy as np

from ..verdicts import remedies
from ..words import count
from . import style
from .looks import look
from .readings import tell
from .series import floats
from .ticks import scale_axis

_PLOT_HEIGHT = 260
BASELINE = "baseline"
_START = 0.7  # of the first step: where the lines begin
_MOST = 7  # lines of fixes: as many as can be told apart


def draw_survival(result):
    """The figure of the baseline and the fixes, with a mark at each seed's step."""
    lines = lines_of(result)
    labels = [fill(label, 46) for label, _ in lines]
    figure, axes = style.canvas(_PLOT_HEIGHT + style.legend_height(labels))
    every = [x for _, curve in lines for x in curve["at"] if x > 0]
    for place, (label, (name, curve)) in enumerate(zip(labels, lines, strict=True)):
        x, y = floats(curve["at"]), floats(curve["share"])
        x = np.maximum(x, _START * min(every, default=1.0))  # 0 has no logarithm
        (line,) = axes.plot(
            x,
            y,
            drawstyle="steps-post",
            label=label,
            **look(place),
            markevery=slice(1, None),
            markersize=4.5,
            markerfacecolor="white" if place % 2 == 0 else None,
        )
        tell(line, name)
    scale_axis(axes, "x", "log", every)
    scale_axis(axes, "y", "linear", [0.0, 1.0])
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel(result["metric"]["label"])
    axes.set_title("share of seeds still above the target", loc="left")
    style.legend_below(figure, style.labelled(axes))
    return figure


def lines_of(result):
    """[(label, curve)]: the baseline, then the fixes, surest gain first."""
    curves = result["survival"]
    known = [(fix["label"], fix["name"]) for fix in remedies(result)]
    named = [("Baseline", BASELINE), *known[:_MOST]]
    return [(label, curves[name]) for label, name in named if name in curves]


def has_survival(result):
    """Is there a curve of any condition?"""
    return bool(result.get("survival")) and bool(lines_of(result))


def describe_survival(result):
    """What the picture shows, in words, for those who do not see it."""
    said = []
    for label, curve in lines_of(result):
        left = round(100 * curve["share"][-1])
        said.append(f"{label}: {left} % never reach it" if left else f"{label}: all do")
    lines = count(len(said), "line")
    return (
        f"Share of seeds still above the target, {lines}, by"
        f" {result['metric']['label']}. {'; '.join(said)}."
    )
