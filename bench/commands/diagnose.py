"""`gradclinic diagnose`: what is wrong with a training, and what to do about it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import FAIL_ON_HIT, OK
from ..typed import typed
from . import options as option

if TYPE_CHECKING:
    from collections.abc import Iterator

# What --fail-on takes, and what is then said.
CONDITIONS = {"trouble": "a trouble was found"}


@click.command()
@click.option(
    "--curves",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Curves that another program logged: a CSV or TSV file with columns for epoch"
    " or step, training and validation loss, such as Keras and Lightning write;"
    " trainer_state.json of Hugging Face; or a TensorBoard event file, for which"
    " there is the extra tensorboard.",
)
@option.out("the page, its numbers and pictures")
@option.as_json
@click.option(
    "--fail-on",
    type=click.Choice(list(CONDITIONS)),
    multiple=True,
    help="Exit with 1 where a trouble is found (trouble).",
)
@option.show
def command(
    curves: Path | None, out: Path, as_json: bool, fail_on: tuple[str, ...], show: bool
) -> int:
    """Find out what is wrong with a training from the curves that it logged.

    Names overfitting, underfitting, slow training, divergence and oscillation where
    the curves show them, says what to do, and what to log for the other troubles.
    Writes curves.html, curves.json and pictures.
    """
    if curves is None:
        raise click.UsageError("Give the file of a log by --curves FILE.")
    return from_curves(curves, out, as_json=as_json, fail_on=fail_on, show=show)


def from_curves(
    file: Path, out: Path, *, as_json: bool, fail_on: tuple[str, ...], show: bool
) -> int:
    """Judge the curves of a file, write the page; return the exit code."""
    from ..studies.curves_logged import curves_content, read_curves

    log = read_curves(file)
    option.check_folder(out)
    from ...reports import write_curves_page

    line = typed("gradclinic", "diagnose", curves=file, out=out)
    content = curves_content(log, file.name, line)
    page = write_curves_page(content, out / "curves.html")
    if as_json:
        option.print_json(content)
    for sentence in told(content):
        click.echo(sentence, err=as_json)
    click.echo(f"The page is {page.resolve()}", err=as_json)
    if show:
        option.open_page(page)
    found = any(t["verdict"] == "found" for t in content["troubles"])
    if found and "trouble" in fail_on:
        click.echo(f"{file.name}: {CONDITIONS['trouble']}.", err=True)
        return FAIL_ON_HIT
    return OK


def told(content: dict[str, Any]) -> "Iterator[str]":
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
