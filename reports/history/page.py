"""history.html, its numbers and its pictures."""

from pathlib import Path

from ..figures.lines import describe_lines, draw_lines
from ..figures.picture import Place, publish
from ..figures.squares import describe_squares, draw_squares
from ..files import as_json, finite, write_text
from ..rendering import templates
from .tables import families, published, rows, single

_DRAWN = {
    "line": (draw_lines, describe_lines),
    "squares": (draw_squares, describe_squares),
}


def write_history_page(content: dict, out: Path) -> Path:
    """Write OUT/history.html, history.json and its pictures; return the page's path.

    content: plain data of a history, schema 2. Numbers that are not finite become
    null. The same content gives the same bytes. OSError where OUT cannot be written.
    """
    known = finite(content)
    write_text(out / "history.json", as_json(known))
    page = templates().get_template("history.html")
    text = page.render(
        content=known,
        tasks=single(known),
        rows=rows(known, single(known)),
        families=families(known),
        published=published(known),
        systems=[
            (system, _picture(system["picture"], system["name"], known, out))
            for system in known["systems"]
        ],
        plots=[
            _picture(plot, f"plot-{place}", known, out)
            for place, plot in enumerate(known["plots"], start=1)
        ],
        index=(out / "index.html").exists(),
    )
    return write_text(out / "history.html", text)


def _picture(data, stem, content, out):
    draw, describe = _DRAWN[data["kind"]]
    return publish(
        lambda: draw(data),
        Place(f"history-{stem}", out, content["command"]),
        describe(data),
        (data["title"], data["sentence"]),
    )
