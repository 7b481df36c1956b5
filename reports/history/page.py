"""history.html, its numbers and its pictures."""

from pathlib import Path

from ..figures.lines import describe_lines, draw_lines
from ..figures.picture import Place, publish
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
    return [
        publish(
            lambda plot=plot: draw_lines(plot),
            Place(f"history-{place}", out, content["command"]),
            describe_lines(plot),
            (plot["title"], plot["sentence"]),
        )
        for place, plot in enumerate(content["plots"], start=1)
    ]
