"""diagnose.html, its numbers and its pictures."""

from pathlib import Path

from .. import words
from ..figures import curve_pictures, forest_picture
from ..files import as_json, finite, write_text
from ..fix_row import fix_row
from ..rendering import templates
from ..verdicts import VERDICTS, by_lower_bound
from .tables import baselines, parts, signs, tested

_LONGEST = 60


def write_diagnose_page(content: dict, page: Path) -> Path:
    """Write the page, its numbers beside it (.json), and its pictures in `figures`.

    content: plain data of a diagnosis, schema 1. Numbers that are not finite become
    null. The same content gives the same bytes. Raises OSError where the folder cannot
    be written.
    """
    known = finite(content)
    text = (
        templates()
        .get_template("diagnose.html")
        .render(**_shown(known), **_pictures(known, page.parent), name=page.stem)
    )
    write_text(page.with_suffix(".json"), as_json(known))
    return write_text(page, text)


def summary_html(content: dict) -> str:
    """A short form for notebooks: headline, troubles and fixes, no pictures."""
    return (
        templates()
        .get_template("diagnose_summary.html")
        .render(**_shown(finite(content)))
    )


def _shown(content):
    """All that the templates need but the pictures."""
    result = _result(content)
    rows = [fix_row(fix, result) for fix in content["fixes"]]
    levels = [fix["level"] for fix in content["fixes"] if fix["level"] is not None]
    unit = content["metric"]["unit"]
    return {
        "content": content,
        "fixes": list(zip(rows, content["fixes"], strict=True)),
        "baselines": baselines(content),
        "parts": parts(content["table"]),
        "signs": signs(content),
        "tested": tested(content),
        "meanings": list(VERDICTS.values()),
        "level": words.glued(f"{100 * max(levels):.4g} %") if levels else "",
        "delta": words.times(content["delta_ratio"])
        if content["delta_ratio"]
        else words.glued(content["delta_label"]),
        "network_value": words.quantity(content["network"]["mean"], unit),
        "cut": cut,
    }


def _pictures(content, out):
    result = _result(content)
    return {
        "curves": curve_pictures(result, out),
        "forest": forest_picture(result, out) if content["fixes"] else None,
    }


def _result(content):
    """The content as pictures and rows of a scenario's read it."""
    fixes = by_lower_bound(content["fixes"])
    return content | {"scenario": "diagnose", "fixes": fixes}


def cut(text, most=_LONGEST):
    """Text on one line, cut in the middle where it is longer than `most`."""
    line = " ".join(str(text).split())
    if len(line) <= most:
        return line
    half = (most - 1) // 2
    return f"{line[:half]}…{line[-half:]}"
