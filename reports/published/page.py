"""published.html, its numbers and its pictures."""

from pathlib import Path

from .. import words
from ..figures.lines import describe_lines, draw_lines
from ..figures.picture import Place, publish
from ..files import as_json, finite, write_text
from ..rendering import templates

NEVER = "never"


def write_published_page(content: dict, out: Path) -> Path:
    """Write OUT/published.html, published.json and its pictures; return the page's.

    content: plain data of `gradclinic published`, schema 1. The same content gives the
    same bytes. OSError where OUT cannot be written.
    """
    known = finite(content)
    write_text(out / "published.json", as_json(known))
    page = templates().get_template("published.html")
    text = page.render(
        content=known,
        summary=summary(known),
        results=[
            (result, rows(result), _picture(result, known, out))
            for result in known["results"]
        ],
        index=(out / "index.html").exists(),
    )
    return write_text(out / "published.html", text)


def summary(content):
    """How many figures and how many claims are met: a claim has bounds of our own."""
    every = [figure for result in content["results"] for figure in result["figures"]]
    said = []
    for noun, mine in (
        ("published figure", [f for f in every if not f["claim"]]),
        ("claim", [f for f in every if f["claim"]]),
    ):
        met = sum(figure["holds"] for figure in mine)
        said += [f"{met} of {words.count(len(mine), noun)}"] if mine else []
    return f"{words.joined(said)} are met."


def rows(result):
    """[(label, published, ours, its interval, is it met?)] of a result's figures."""
    return [
        (
            figure["label"],
            figure["claim"] or _range(figure["published"], figure["unit"]),
            _told(figure["value"], figure["unit"]),
            _range([figure["low"], figure["high"]], figure["unit"]),
            "yes" if figure["holds"] else "no",
        )
        for figure in result["figures"]
    ]


def _told(value, unit):
    if value is None:
        return NEVER
    return f"{100 * value:.1f} %" if unit == "%" else words.number(value)


def _range(ends, unit):
    low, high = (_told(end, unit) for end in ends)
    return low if low == high else f"{low} to {high}"


def _picture(result, content, out):
    plot = result["plot"]
    if plot is None:
        return None
    return publish(
        lambda: draw_lines(plot),
        Place(f"published-{result['name']}", out, content["command"]),
        describe_lines(plot),
        (plot["title"], plot["sentence"]),
    )
