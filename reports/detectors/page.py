"""detectors.html, its numbers and its picture."""

from pathlib import Path

from ..also import name_of
from ..figures.picture import Place, publish
from ..figures.rated import Rated, describe_rated, draw_rated
from ..files import as_json, finite, write_text
from ..rendering import templates
from .sentences import opening
from .tables import (
    WANTED,
    at,
    by_severity,
    confusion,
    false_alarms,
    rater,
    scored,
    titles,
)


def write_detectors_page(content: dict, out: Path) -> Path:
    """Write OUT/detectors.html, detectors.json and its picture; return the page's path.

    content: plain data of `gradclinic detectors`, schema 1. The same content gives the
    same bytes. OSError where OUT cannot be written.
    """
    known = finite(content)
    write_text(out / "detectors.json", as_json(known))
    page = templates().get_template("detectors.html")
    text = page.render(
        content=known,
        opening=opening(known),
        titles=titles(known),
        name_of=name_of,
        scored=scored(known),
        severities=by_severity(known),
        confusion=confusion(known),
        alarms=false_alarms(known),
        picture=_picture(known, out),
        index=(out / "index.html").exists(),
    )
    return write_text(out / "detectors.html", text)


def _picture(content, out):
    rated = rated_of(content)
    return publish(
        lambda: draw_rated(rated),
        Place("detectors-f1", out, content["command"]),
        describe_rated(rated),
        (
            "How often each rule is right",
            "F1 at the clear strength, with 95 % intervals: 1 where every trouble is"
            f" named and nothing else is. The broken line is at {WANTED:g}.",
        ),
    )


def rated_of(content):
    """F1 of every rule at the clear strength, under the trouble that it names."""
    names = titles(content)
    raters: dict[str, None] = {}
    rows: dict[str, dict] = {}
    for rule in content["rules"]:
        who = rater(rule)
        score = at(rule, "clear")
        if not who or score["f1"][0] is None:
            continue
        raters.setdefault(who, None)
        title = names[rule["detector"]]
        rows.setdefault(title, {})[who] = tuple(score["f1"])
    order = sorted(raters, key=lambda who: (not who.startswith("gradclinic"), who))
    return Rated("F1 at the clear strength", order, list(rows.items()), WANTED)
