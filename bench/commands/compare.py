"""`gradclinic compare`: what changed between stored runs, versions or machines."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..errors import FAIL_ON_HIT, OK, BadData, UsageError
from ..typed import typed
from . import options as option


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR...",
)
@option.out("the page and its numbers")
@option.as_json
@option.several(
    "--fail-on",
    "fail_on",
    "Exit with 1 where a verdict, an effect, a symptom, a trouble or a place changed"
    " (changed), or where the change of an effect is shown by its interval (shown)",
    type=click.Choice(["changed", "shown"]),
)
@option.show
def command(
    folders: tuple[Path, ...],
    out: Path,
    as_json: bool,
    fail_on: tuple[str, ...],
    show: bool,
) -> int:
    """Say what changed in verdicts and effects between results.

    Each DIR, two or more, was written by `gradclinic run`, `optimizers` or `diagnose`;
    every one is compared with the first. Tells what differs in version, machine, seed
    and settings, and the change of each effect with its interval. Writes compare.html
    and compare.json.
    """
    check_different(folders)
    from ...reports import write_compare_page
    from ...reports.compare import pair_lines
    from ..studies.compare import compared
    from ..studies.compare.folder import read_folder

    read = [read_folder(folder) for folder in folders]
    option.check_folder(out)
    line = typed("gradclinic", "compare", *map(str, folders), out=out)
    content = compared(read, line)
    if not any(pair["questions"] or pair["places"] for pair in content["pairs"]):
        raise BadData(
            "The folders share no scenario, diagnosis or study of optimizers: give"
            " folders that hold results of the same ones."
        )
    page = write_compare_page(content, out)
    if as_json:
        option.print_json(content)
    for sentence in pair_lines(content):
        click.echo(plain(sentence), err=as_json)
    click.echo(f"The page is {page.resolve()}", err=as_json)
    if show:
        option.open_page(page)
    return exit_code(content, fail_on)


def check_different(folders: tuple[Path, ...]) -> None:
    """Raise UsageError unless there are two folders at least, none of them twice."""
    if len(folders) < 2:
        raise UsageError("Name at least two folders: what changed from one to another?")
    seen: dict[Path, Path] = {}
    for folder in folders:
        if folder.resolve() in seen:
            raise UsageError(f"{folder} is named twice; name different folders.")
        seen[folder.resolve()] = folder


def exit_code(content: dict, fail_on: Iterable[str]) -> int:
    """1 where what --fail-on names was found, else 0."""
    fixes = [
        fix
        for pair in content["pairs"]
        for question in pair["questions"]
        for fix in question["fixes"]
    ]
    holds = {
        "changed": content["changed"],
        "shown": any(fix["change"] in ("helps more", "helps less") for fix in fixes),
    }
    return FAIL_ON_HIT if any(holds[name] for name in fail_on) else OK


def plain(sentence: str) -> str:
    """As a terminal of few characters can show it too."""
    from ..outcome import TYPED

    return sentence.translate(TYPED)
