"""A diagnosis as the command line asks for it and tells of it."""

from pathlib import Path
from typing import Any

import click

from ..kernels.threads import chosen_threads
from ..reports import write_diagnose_page
from ..reports.files import write_text
from .errors import FAIL_ON_HIT, OK, UsageError
from .execution.warm import warm_for_run
from .progress import working
from .studies.diagnose.api import fix_lines
from .studies.diagnose.content import diagnosis
from .studies.diagnose.reading import read_rows
from .studies.diagnose.settings import CODES, DiagnoseSettings
from .typed import typed

_PLAIN = str.maketrans({"×": "x", "\N{NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-"})
# Reasons to fail beside the codes of troubles.
_TROUBLE, _BASELINE = "trouble", "baseline"


def diagnose_file(
    file: str,
    out: Path,
    as_json: bool,
    fail_on: tuple[str, ...],
    asked: dict[str, Any],
) -> int:
    """Diagnose a file, write and tell what was found; returns the exit code.

    asked: fields of `DiagnoseSettings`. Raises UsageError and BadData.
    """
    for what in fail_on:
        if what not in (_TROUBLE, _BASELINE, *CODES):
            known = ", ".join((_TROUBLE, _BASELINE, *CODES))
            raise UsageError(f"--fail-on {what}: there are {known}.")
    how: dict[str, Any] = asked | {"threads": chosen_threads(asked["threads"])}
    settings = DiagnoseSettings(**how)
    line = command_line(file, out, asked)
    with working() as progress:
        progress(0, 0, "Reading")
        rows = read_rows(file, settings.sample, settings.seed)
        warm_for_run(progress)
        content = diagnosis(rows, settings, line, progress)
        progress(0, 0, "Drawing")
        page = write_diagnose_page(content, out / "diagnose.html")
        write_text(out / "prescription.toml", content["prescription"]["toml"])
    if as_json:
        click.echo((out / "diagnose.json").read_text(encoding="utf-8"), nl=False)
    for said in closing(content, page):
        click.echo(said.translate(_PLAIN), err=as_json)
    return FAIL_ON_HIT if failed(content, fail_on) else OK


def command_line(file: str, out: Path, asked: dict[str, Any]) -> str:
    """The command that does the same again."""
    network = asked.get("network")
    words = asked | {"network": ",".join(map(str, network)) if network else None}
    return typed("gradclinic", "diagnose", file, **words, out=out)


def closing(content: dict[str, Any], page: Path) -> list[str]:
    """The lines that the terminal ends with."""
    lines = [*content["headline"], ""]
    for verdict in content["verdicts"]:
        lines.append(f"{verdict['code']}  {verdict['title']}: {verdict['evidence']}")
        lines.append(f"       Next: {verdict['next_step']}")
    if content["verdicts"]:
        lines.append("")
    told = [f for f in fix_lines(content) if f[1] in ("cured", "relieved", "worse")]
    lines += [
        f"  {verdict:9} {label}: {effect}, cost {cost}"
        for label, verdict, effect, cost in told
    ]
    rest = len(content["fixes"]) - len(told)
    if rest:
        lines.append(f"  {rest} other fixes were not shown to change anything.")
    return [*lines, "", f"The page is {page.resolve()}"]


def failed(content: dict[str, Any], fail_on: tuple[str, ...]) -> bool:
    """Is one of these reasons met?"""
    codes = {verdict["code"] for verdict in content["verdicts"]}
    wins = any(
        row["verdict"] == "beats the network" and row["name"] != "dummy"
        for row in content["against_fixed"]
    )
    reasons = {_TROUBLE: bool(codes), _BASELINE: wins}
    return any(reasons.get(what, what in codes) for what in fail_on)
