"""profile.html, its numbers and its pictures."""

from pathlib import Path

from ..files import as_json, finite, write_text
from ..rendering import templates
from . import measures, summary, updates
from .comparison import families, matrix, tables
from .content import compared, completed
from .gpu import sentences
from .gpu import tables as gpu_tables
from .pictures import pictures
from .verdicts import VERDICTS, tally

_SECTIONS = {
    "cases": "the comparison",
    "gpu": "CPU against GPU",
    "throughput": "throughput",
    "scaling": "thread scaling",
    "roofline": "the roofline",
    "phases": "the phases of a step",
    "optimizers": "the optimizers",
    "updates": "updates beside PyTorch’s",
    "diagnostics": "the cost of diagnostics",
    "start": "start and compilation",
    "growth": "the growth of time and memory",
}
_ANCHORS = {
    "comparison": "table of times",
    "ratios": "ratios",
    "gpu": "CPU against GPU",
    "throughput": "throughput",
    "scaling": "threads",
    "roofline": "ceilings",
    "phases": "phases of a step",
    "optimizers": "optimizers",
    "updates": "updates beside PyTorch’s",
    "diagnostics": "diagnostics",
    "start": "start and compilation",
    "growth": "growth",
    "method": "how it was measured",
}


def write_profile_page(content: dict, out: Path) -> Path:
    """Write OUT/profile.html, profile.json and its pictures; return the page's path.

    content: plain data of a profile, schema 1. Any part may be absent, empty or None:
    the page leaves it out and says so. Numbers that are not finite become null. The
    same content gives the same bytes. Raises OSError where OUT cannot be written.
    """
    write_text(out / "profile.json", as_json(finite(content)))
    known = completed(content)
    drawn = pictures(known, out)
    page = templates().get_template("profile.html")
    text = page.render(
        content=known,
        pictures=drawn,
        tables=tables(known),
        matrix=matrix(known),
        families=families(known),
        tally=[(verdict, n) for verdict, n in tally(known["cases"]) if n],
        verdicts=list(VERDICTS.values()),
        compared=any(compared(case) for case in known["cases"]),
        summary=summary,
        measures=measures,
        updates=updates,
        gpu={"sentences": sentences, "tables": gpu_tables},
        sections=_present(known, drawn),
        missing=_missing(known),
        index=(out / "index.html").exists(),
    )
    return write_text(out / "profile.html", text)


def _missing(content):
    """What was not measured; the section on the GPU says so itself."""
    absent = [name for name in _SECTIONS if not content[name]]
    told = ["gpu"] if content["gpu_missing"] else []
    return [_SECTIONS[name] for name in absent if name not in told]


def _present(content, drawn):
    """[(anchor, title)] of the sections that the page has, in their order."""
    there = {
        "comparison": content["cases"],
        "diagnostics": content["diagnostics"],
        "start": measures.starts(content) or measures.compilations(content),
        "ratios": drawn["best"],
        "updates": content["updates"],
        "gpu": content["gpu"] or content["gpu_missing"],
        "method": True,
    }
    return [(a, t) for a, t in _ANCHORS.items() if there.get(a) or drawn.get(a)]
