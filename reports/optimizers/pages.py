"""optimizers.html, a page a problem, a page an optimizer, and the numbers."""

import json
from collections.abc import Callable
from pathlib import Path

from joblib import Parallel, delayed

from .. import words
from ..files import finite, write_text
from ..machine import facts
from ..rendering import templates
from . import (
    evidence,
    limits,
    pair_tables,
    phrases,
    rule_tables,
    seconds,
    summary,
    tables,
    values,
)
from .content import StudyContent, optimizer_page, problem_page
from .own_pictures import own_pictures
from .pictures import pictures
from .problem_pictures import problem_pictures
from .relations import losers_to, winners_over
from .verdicts import VERDICTS, is_alone, placed

# What every template may call.
_SHARED = {
    "summary": summary,
    "evidence": evidence,
    "limits": limits,
    "phrases": phrases,
    "words": words,
    "tables": tables,
    "pairs": pair_tables,
    "rules": rule_tables,
    "seconds": seconds,
    "values": values,
    "verdicts": list(VERDICTS.values()),
}
# Pages that are worth a process of its own.
SHARE = 4


def write_optimizer_pages(content: dict, out: Path, jobs: int = 1) -> Path:
    """Write the pages of a study, its numbers and pictures into OUT; return the index.

    content: plain data of a study, schema 1. Numbers that are not finite become null.
    The same content gives the same bytes. jobs: processes that draw. Raises
    OSError where OUT cannot be written.
    """
    text = json.dumps(finite(content), ensure_ascii=False, allow_nan=False)
    write_text(out / "optimizers.json", text + "\n")
    study = StudyContent.of(content)
    pages = [
        (write_index, ""),
        *((write_problem, name) for name in study.problems),
        *((write_optimizer, name) for name in study.indices),
    ]
    jobs = min(jobs, len(pages) // SHARE) or 1
    shares = [pages[start::jobs] for start in range(jobs)]
    Parallel(n_jobs=jobs)(delayed(write_some)(study, share, out) for share in shares)
    return out / "optimizers.html"


def write_some(
    study: StudyContent, pages: list[tuple[Callable, str]], out: Path
) -> None:
    """Write some of the pages: (function, name of what it is about)."""
    for write, name in pages:
        write(study, name, out)


def write_index(study: StudyContent, _: str, out: Path) -> Path:
    """Write OUT/optimizers.html: who is better, and what the evidence bears out."""
    return _write(
        study,
        "optimizers.html",
        out,
        pictures=pictures(study, out),
        index=(out / "index.html").exists(),
        machine=facts(study["machine"]),
    )


def write_problem(study: StudyContent, problem: str, out: Path) -> Path:
    """Write the page of one problem."""
    met = placed(study, problem)
    return _write(
        study,
        problem_page(problem),
        out,
        "problem.html",
        problem=study.problems[problem],
        first=study.label(met[0]) if met else None,
        second=study.label(met[1]) if len(met) > 1 else None,
        first_alone=is_alone(study, problem),
        met=len(met),
        lost=sum(bool(study.withheld(problem, name)) for name in study.indices),
        rows=pair_tables.on_problem(study, problem),
        pictures=problem_pictures(study, problem, out),
    )


def write_optimizer(study: StudyContent, name: str, out: Path) -> Path:
    """Write the page of one optimizer."""
    return _write(
        study,
        optimizer_page(name),
        out,
        "optimizer.html",
        name=name,
        optimizer=study.optimizers[name],
        rule=study["rules"].get(name) or {"title": "", "text": []},
        over=study.labels(winners_over(study, name)),
        under=study.labels(losers_to(study, name)),
        cost=next(
            (r for r in study["updates"]["rows"] if r["optimizer"] == name), None
        ),
        rows=pair_tables.of_optimizer(study, name),
        parity=rule_tables.parity(study, name),
        derived=study["parity"]["derived"].get(name),
        pictures=own_pictures(study, name, out),
    )


def _write(study, page, out, template=None, **given):
    chosen = templates().get_template(template or page)
    known = {"study": study, "command": study["command"], **_SHARED, **given}
    return write_text(out / page, chosen.render(known))
