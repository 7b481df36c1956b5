"""A diagnosis of logged curves as the command line asks for it and tells of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ..reports import write_curves_page
from .errors import FAIL_ON_HIT, OK, UsageError
from .studies.curves_logged import curves_content
from .studies.curves_logged.logged import Logged
from .typed import typed

_TROUBLE = "trouble"  # what --fail-on takes here


def diagnose_curves(
    file: Path, log: Logged, out: Path, as_json: bool, fail_on: tuple[str, ...]
) -> int:
    """Judge the log that a file holds, write and tell; return the exit code.

    fail_on: `trouble` or nothing. Raises UsageError and BadData.
    """
    for what in fail_on:
        if what != _TROUBLE:
            raise UsageError(f"--fail-on {what}: for curves there is {_TROUBLE}.")
    line = typed("gradclinic", "diagnose", curves=file, out=out)
    content = curves_content(log, file.name, line)
    page = write_curves_page(content, out / "curves.html")
    if as_json:
        click.echo(json.dumps(content, indent=1, allow_nan=False))
    for sentence in told(content):
        click.echo(sentence, err=as_json)
    click.echo(f"The page is {page.resolve()}", err=as_json)
    found = any(t["verdict"] == "found" for t in content["troubles"])
    if found and _TROUBLE in fail_on:
        click.echo(f"{file.name}: a trouble was found.", err=True)
        return FAIL_ON_HIT
    return OK


def told(content: dict[str, Any]) -> Iterator[str]:
    """Yield the verdict, a line a trouble, and what to do."""
    titles = {each["trouble"]: each["title"] for each in content["troubles"]}
    verdict = titles.get(content["verdict"])
    named = f"{verdict}. " if verdict else ""
    yield f"{content['source']['name']}: {named}{content['sentence']}"
    yield from content["source"]["notes"]
    width = max(len(title) for title in titles.values())
    for each in content["troubles"]:
        yield f"  {each['verdict']:11}  {each['title']:{width}}  {each['sentence']}"
    yield from (
        f"Next: {t['next_step']}" for t in content["troubles"] if t["next_step"]
    )
    needed = ", ".join(
        dict.fromkeys(need["title"].lower() for need in content["needs"])
    )
    yield f"Not told by these curves, the page says what to log: {needed}."
