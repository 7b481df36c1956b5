"""history.html, its numbers and its pictures."""

from pathlib import Path

from ..figures.lines import describe_lines, draw_lines
from ..figures.picture import Place, publish
from ..figures.squares import describe_squares, draw_squares
from ..files import as_json, finite, write_text
from ..rendering import templates
from .tables import published, rows


def write_history_page(content: dict, out: Path) -> Path:
    """Write OUT/history.html, history.json and its pictures; return the page's path.

    content: plain data of a history, schema 1. Numbers that are not finite become
    null. The same content gives the same bytes. OSError where OUT cannot be written.
    """
    known = finite(content)
    write_text(out / "history.json", as_json(known))
    page = templates().get_template("history.html")
    text = page.render(
        content=known,
        rows=rows(known),
        published=published(known),
        pictures=_pictures(known, out),
        index=(out / "index.html").exists(),
    )
    return write_text(out / "history.html", text)


def _pictures(content, out):
    """Every surface and every line plot, in this order."""
    drawn = [(draw_squares, describe_squares, each) for each in content["surfaces"]]
    drawn += [(draw_lines, describe_lines, each) for each in content["plots"]]
    return [
        publish(
            lambda draw=draw, data=data: draw(data),
            Place(f"history-{place}", out, content["command"]),
            describe(data),
            (data["title"], data["sentence"]),
        )
        for place, (draw, describe, data) in enumerate(drawn, start=1)
    ]
