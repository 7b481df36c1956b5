"""The page of curves that another program logged."""

from pathlib import Path

from . import words
from .figures.lines import describe_lines, draw_lines
from .figures.picture import Place, publish
from .files import as_json, file_name, finite, write_text
from .rendering import templates

# How a verdict is shown: the class of its colour, and a sign beside it.
_SHOWN = {
    "found": ("worse", "▲"),
    "not found": ("relieved", "●"),
    "cannot tell": ("inconclusive", "?"),
}
_HEALTHY = "No trouble found"


def write_curves_page(content: dict, path: Path) -> Path:
    """Write the page, its numbers beside it as JSON, and pictures; return its path.

    content: plain data of curves, schema 1; path: the page's file. Numbers that are not
    finite become null. The same content gives the same bytes. Raises OSError.
    """
    known = finite(content)
    stem = path.name.removesuffix(".html")
    write_text(path.with_name(f"{stem}.json"), as_json(known))
    page = templates().get_template("curves.html")
    text = page.render(
        content=known,
        title=_title(known),
        numbers=f"{stem}.json",
        troubles=[_shown(trouble) for trouble in known["troubles"]],
        pictures=_pictures(known, path.parent, file_name(stem)),
    )
    return write_text(path, text)


def _title(content):
    titles = {each["trouble"]: each["title"] for each in content["troubles"]}
    return titles.get(content["verdict"], _HEALTHY)


def _shown(trouble):
    slug, sign = _SHOWN[trouble["verdict"]]
    verdict = {"name": trouble["verdict"], "slug": slug, "sign": sign}
    return {**trouble, "shown": verdict, "said": [_said(s) for s in trouble["signs"]]}


def _said(sign):
    """A sign in words: its name, its value with the interval, and its threshold."""
    value = words.quantity(sign["value"], sign["unit"])
    if sign["low"] is not None and sign["high"] is not None:
        low, high = (words.number(sign[k]) for k in ("low", "high"))
        value = f"{value} ({low} to {high})"
    beyond = {">": "above", ">=": "from", "<": "below"}[sign["comparison"]]
    return {
        "name": sign["name"][0].upper() + sign["name"][1:],
        "value": value,
        "limit": f"{beyond} {words.quantity(sign['threshold'], sign['unit'])}",
        "fires": sign["fires"],
    }


def _pictures(content, out, stem):
    return [
        publish(
            lambda plot=plot: draw_lines(plot),
            Place(f"{stem}-{place}", out, content["command"]),
            describe_lines(plot),
            (plot["title"], plot["sentence"]),
        )
        for place, plot in enumerate(content["plots"], start=1)
    ]
