"""Every picture of the page, from the parts of the content that are there."""

from functools import partial
from pathlib import Path

from .. import words
from ..figures.growth import AXES, describe_growth, draw_growth
from ..figures.lines import describe_lines, draw_lines
from ..figures.picture import Place, publish
from ..figures.roofline import describe_roofline, draw_roofline
from ..figures.scaling import describe_scaling, draw_scaling
from ..files import file_name
from .content import case_labels
from .gpu import pictures as gpu_pictures
from .ratio_pictures import best_picture, case_pictures
from .roofs import roofs_and_points
from .share_pictures import optimizer_picture, phase_picture
from .throughput import throughput_plots
from .updates import update_picture


def pictures(content, out: Path):
    """{section: its pictures, an empty list where there is nothing to draw}."""

    def show(stem, draw, description, text):
        place = Place(f"profile-{stem}", out, content["command"])
        return publish(draw, place, description, text)

    return {
        "best": best_picture(content, show),
        "cases": case_pictures(content, show),
        "throughput": _throughput(content, show),
        "scaling": _scaling(content, show),
        "roofline": _roofline(content, show),
        "phases": phase_picture(content, show),
        "optimizers": optimizer_picture(content, show),
        "updates": update_picture(content, show),
        "growth": [_growth(entry, show) for entry in content["growth"]],
        **gpu_pictures.pictures(content["gpu"], show),
    }


def _throughput(content, show):
    return [
        show(
            f"throughput-{number}",
            partial(draw_lines, plot),
            describe_lines(plot),
            (plot["title"], plot["sentence"]),
        )
        for number, plot in enumerate(throughput_plots(content), start=1)
    ]


def _scaling(content, show):
    labels, found = case_labels(content), {}
    for entry in content["scaling"]:
        if entry.get("speedup") is not None:
            found.setdefault(entry["case"], []).append(entry)
    lines = [_line(labels.get(c, c), entries) for c, entries in found.items()]
    if not any(max(threads) > 1 for _, threads, *_ in lines):
        return []
    draw = partial(draw_scaling, lines)
    title = "Speed by the number of threads"
    return [show("scaling", draw, describe_scaling(lines), (title, ""))]


def _line(label, entries):
    ordered = sorted(entries, key=lambda entry: entry["threads"])
    columns = ("threads", "speedup", "low", "high")
    return label, *([entry.get(name) for entry in ordered] for name in columns)


def _roofline(content, show):
    roofs, points = roofs_and_points(content)
    if not roofs or not points:
        return []
    title = "Speed against arithmetic for each byte"
    draw = partial(draw_roofline, roofs, points)
    return [show("roofline", draw, describe_roofline(roofs, points), (title, ""))]


def _growth(entry, show):
    return show(
        f"growth-{file_name(entry['axis'])}",
        partial(draw_growth, entry),
        describe_growth(entry),
        (f"By {AXES.get(entry['axis'], entry['axis'])}", _twice(entry)),
    )


def _twice(entry):
    """What twice the width, depth, ... costs, from the fitted exponents."""
    said = []
    for key, much in (
        ("time_exponent", "as much time"),
        ("memory_exponent", "as much memory"),
    ):
        exponent = (entry.get(key) or {}).get("value")
        if exponent is not None:
            said.append(f"{words.number(2**exponent)} times {much}")
    if not said:
        return "No exponent could be fitted."
    start = entry.get("from")
    since = f", from {words.number(start)} on" if start is not None else ""
    axis = AXES.get(entry["axis"], entry["axis"])
    return f"Twice the {axis}{since}: {words.joined(said)}."
