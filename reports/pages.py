"""The pages: one for each scenario, and the index of all."""

from pathlib import Path

from joblib import Parallel, delayed

from .budget import left_out
from .chart import chart, untimed
from .earlier import modern
from .figures import strip_picture
from .files import as_json, file_name, finite, write_text
from .machine import merged
from .question import glance, question
from .quick_look import quick_look, quick_looks
from .rendering import templates
from .trust import trust
from .verdicts import VERDICTS

_ALSO = {
    "profile": "how fast training runs here",
    "optimizers": "how optimizers converge",
    "history": "seven decades of networks",
    "published": "published results, made again",
    "detectors": "how often the rules are right",
    "diagnose": "what is wrong with a table",
}


def write_scenario_page(result: dict, out: Path) -> Path:
    """Write OUT/<scenario>.html, its JSON and its pictures; return the page's path.

    result: plain data of schema 1. Numbers that are not finite become null. The same
    result gives the same bytes. Raises OSError where the folder cannot be written.
    """
    result = modern(finite(result))
    name = file_name(result["scenario"])
    page = templates().get_template("scenario.html")
    text = page.render(
        question=question(result, out),
        result=result,
        name=name,
        quick_look=quick_look(result),
    )
    write_text(out / f"{name}.json", as_json(result))
    return write_text(out / f"{name}.html", text)


def write_index(
    results: list[dict], out: Path, figures: dict | None = None, jobs: int = 1
) -> Path:
    """Write OUT/index.html, one card for each result in order; return its path.

    figures: how often the judging errs, see `trust`; nothing is said without them.
    jobs: processes that draw the small pictures.

    Where OUT holds profile.json, optimizers.json, history.json or diagnose.json it
    links their pages.
    """
    results = [modern(finite(result)) for result in results]
    draw = Parallel(n_jobs=max(1, min(jobs, len(results))))
    pictures = draw(delayed(strip_picture)(result, out) for result in results)
    cards = [_card(*each) for each in zip(results, pictures, strict=True)]
    page = templates().get_template("index.html")
    text = page.render(
        cards=cards,
        chart=chart(results),
        untimed=untimed(results),
        verdicts=list(VERDICTS.values()),
        overview=_overview(cards),
        machines=merged([result["machine"] for result in results]),
        commands=commands(results),
        left_out=left_out(results),
        quick_looks=quick_looks(results),
        trust=trust(figures),
        trusted_by=(figures or {}).get("command"),
        also=[(n, t) for n, t in _ALSO.items() if (out / f"{n}.json").exists()],
    )
    return write_text(out / "index.html", text)


def commands(results):
    """One command for all results where they differ in nothing but the scenario."""
    names = [result["scenario"] for result in results]
    written = [result["command"] for result in results]
    shared = {c.replace(f" {n}", " {}", 1) for c, n in zip(written, names, strict=True)}
    if len(shared) == 1 and "{}" in (command := shared.pop()):
        return [command.replace("{}", " ".join(names), 1)]
    return list(dict.fromkeys(written))


def _overview(cards):
    """How many of the cards have their symptom, a cure and controls that behaved."""
    glances = [g["glance"] for card in cards for g in (card, *card["parts"])]
    return {
        "asked": len(glances),
        "shown": sum(glance["fires"] for glance in glances),
        "cured": sum(
            any(verdict.name == "cured" for verdict, _ in glance["tally"])
            for glance in glances
        ),
        "sound": sum(not glance["astray"] for glance in glances),
    }


def _card(result, picture):
    return {
        "href": f"{file_name(result['scenario'])}.html",
        "result": result,
        "glance": glance(result),
        "picture": picture,
        "parts": [
            {
                "href": f"{file_name(result['scenario'])}.html"
                f"#{file_name(part['scenario'])}",
                "result": part,
                "glance": glance(part),
            }
            for part in result.get("parts") or ()
        ],
    }
