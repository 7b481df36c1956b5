"""compare.html, its numbers and its pictures."""

from math import exp, log
from pathlib import Path

from ..figures.picture import Place, publish
from ..figures.ranges import Mark, Ranges, describe_ranges, draw_ranges
from ..files import as_json, file_name, finite, write_text
from ..rendering import templates
from .tables import delta_said, lead, place, places_title, question_view

_LONGEST = 26


def write_compare_page(content: dict, out: Path) -> Path:
    """Write OUT/compare.html, compare.json and its pictures; return the page's path.

    content: plain data of a comparison, schema 1. The same content gives the same
    bytes. Raises OSError where OUT cannot be written.
    """
    known = finite(content)
    write_text(out / "compare.json", as_json(known))
    text = (
        templates()
        .get_template("compare.html")
        .render(
            content=known,
            lead=lead(known),
            pairs=[
                pair
                | {
                    "questions": [
                        _question(question, number, known, out)
                        for question in pair["questions"]
                    ]
                }
                for number, pair in enumerate(known["pairs"], start=1)
            ],
            delta_said=delta_said,
            places_title=places_title,
            place=place,
        )
    )
    return write_text(out / "compare.html", text)


def _question(question, number, content, out):
    view = question_view(question)
    picture = _picture(view, number, content, out) if view["tried"] else None
    anchor = f"{number}-{file_name(question['kind'])}-{file_name(question['name'])}"
    return view | {"picture": picture, "anchor": anchor}


def _picture(question, number, content, out):
    """The changes of all effects of a question, those that changed filled."""
    rows = [(_cut(fix["label"]), [_mark(fix)]) for fix in question["tried"]]
    log_scale = question["metric"]["scale"] == "log"
    label = question["metric"]["label"]
    axis = f"effect on {label}, after / before" if log_scale else f"change, {label}"
    ranges = Ranges(
        axis,
        rows,
        scale="log" if log_scale else "linear",
        limits=_limits(question["tried"], question["delta"], log_scale),
        line=1.0 if log_scale else 0.0,
        unsure="not shown to change",
    )
    worse = "below" if question["metric"]["better"] == "higher" else "above"
    line = "×1" if log_scale else "0"
    caption = (
        f"Each line is the interval of a change after Holm’s correction. What lies"
        f" {worse} {line} helps less than before."
    )
    stem = f"compare-{number}-{file_name(question['kind'])}"
    return publish(
        lambda: draw_ranges(ranges),
        Place(f"{stem}-{file_name(question['name'])}", out, content["command"]),
        describe_ranges(ranges),
        ("Changes of the effects", caption),
    )


def _mark(fix):
    sure = fix["change"] in ("helps more", "helps less")
    return Mark(fix["value"], fix["low"], fix["high"], sure=sure)


def _limits(fixes, delta, log_scale):
    """Limits that hold all values and the interval up to as much again."""
    turn = log if log_scale else float
    values = [turn(f["value"]) for f in fixes if f["value"] or not log_scale]
    low, high = min([-2 * delta, *values]), max([2 * delta, *values])
    room = 0.6 * (high - low)
    ends = [f[end] for f in fixes for end in ("low", "high")]
    ends = [turn(end) for end in ends if end is not None and (end or not log_scale)]
    low, high = (
        max(low - room, min([low, *ends])) - 0.05 * room,
        min(high + room, max([high, *ends])) + 0.05 * room,
    )
    return (exp(low), exp(high)) if log_scale else (low, high)


def _cut(label):
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
