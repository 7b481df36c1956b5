"""Pictures: each drawn once, saved as PNG and put into the page as SVG."""

from pathlib import Path

from ..files import file_name
from ..words import headed
from .curves import describe_curves, draw_curves, has_curves
from .doses import describe_doses, draw_doses
from .forest import band_of, describe_forest, draw_forest, has_effects
from .lines import describe_lines, draw_lines
from .picture import Picture, Place, publish
from .points import describe_points, draw_points
from .squares import describe_squares, draw_squares
from .strip import draw_strip
from .survival import describe_survival, draw_survival, has_survival


def curve_pictures(result, out: Path):
    """The learning curves of a result; those without a finite number are left out."""
    charts = [chart for chart in result["curves"] if has_curves(chart)]
    caption = "Median over seeds; the band holds the middle half of them."
    return [
        _publish(
            lambda chart=chart: draw_curves(chart),
            (result, f"curves-{place}", out),
            describe_curves(chart),
            (chart["title"], caption),
        )
        for place, chart in enumerate(charts, start=1)
    ]


def forest_picture(result, out: Path):
    """The effects of all fixes, None where there is none to show."""
    if not result["fixes"]:
        return None
    return _publish(
        lambda: draw_forest(result),
        (result, "forest", out),
        describe_forest(result),
        (headed(f"{result['metric']['label']}, by fix"), _forest_caption(result)),
    )


def _forest_caption(result):
    """What the axis and the shade are in this question."""
    if not has_effects(result):
        return ""
    ratio = result["metric"]["scale"] == "log"
    axis = "as a multiple of the baseline’s" if ratio else "minus the baseline’s"
    label = headed(result["metric"]["label"])
    return f"{label} {axis}; shaded: too small to matter, {band_of(result)}."


def dose_picture(fixes, result, out: Path):
    """The metric by the dose of each of these fixes."""
    title = f"{headed(fixes[0]['dose']['metric'])} by dose"
    caption = (
        "Each line is a fix, its band the 95 % interval over the seeds that tune; the"
        " large point was chosen. Dashed: the baseline without a fix."
    )
    return _publish(
        lambda: draw_doses(fixes, result),
        (result, "doses", out),
        describe_doses(fixes, result),
        (title, caption),
    )


def survival_picture(result, out: Path):
    """How many seeds are still above the target, None where none can miss it."""
    if not has_survival(result):
        return None
    caption = (
        "Kaplan–Meier curves: each step down is one seed that reached the target for"
        " good; what is left at the end missed it."
    )
    return _publish(
        lambda: draw_survival(result),
        (result, "survival", out),
        describe_survival(result),
        (f"Who reaches the target, and when: {result['metric']['label']}", caption),
    )


_DRAWN = {
    "line": (draw_lines, describe_lines),
    "points": (draw_points, describe_points),
    "squares": (draw_squares, describe_squares),
}


def plot_pictures(result, out: Path):
    """The further plots of a result, each drawn by its kind."""
    return [
        _publish(
            lambda plot=plot: _DRAWN[plot["kind"]][0](plot),
            (result, f"plot-{place}", out),
            _DRAWN[plot["kind"]][1](plot),
            (plot["title"], plot["sentence"]),
        )
        for place, plot in enumerate(result["plots"], start=1)
    ]


def strip_picture(result, out: Path):
    """The small picture of the index: effects, else curves, else None."""
    charts = [chart for chart in result["curves"] if has_curves(chart)]
    if has_effects(result):
        title, words = (
            f"Effects on {result['metric']['label']}",
            describe_forest(result),
        )
        return _publish(
            lambda: draw_strip(result), (result, "strip", out), words, (title, "")
        )
    if charts:
        title, words = charts[0]["title"], describe_curves(charts[0])
        return _publish(
            lambda: draw_curves(charts[0]), (result, "strip", out), words, (title, "")
        )
    return None


def _publish(draw, place, description, words) -> Picture:
    """Publish a figure of a result. place: (result, name of the figure, folder)."""
    result, name, out = place
    stem = f"{file_name(result['scenario'])}-{name}"
    return publish(draw, Place(stem, out, result["command"]), description, words)
