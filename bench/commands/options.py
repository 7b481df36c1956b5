"""The options that several commands share, and what is done about them."""

import json
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ..errors import from_system
from ..typed import OUT

Option = Callable[[Callable], Callable]

as_json = click.option(
    "--json", "as_json", is_flag=True, help="Print what was found as JSON."
)
show = click.option(
    "--open",
    "show",
    is_flag=True,
    help="Open the pages in the browser as soon as they are written.",
)


def out(holds: str) -> Option:
    """--out DIR; holds: what the folder is for."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=OUT,
        show_default=True,
        metavar="DIR",
        help=f"Folder for {holds}; made where it is absent.",
    )


def seed(follows: str) -> Option:
    """--seed N: the seeds of all runs follow from it, below 2**32."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 10**6),
        default=0,
        show_default=True,
        metavar="N",
        help=f"What {follows} from.",
    )


def seeds(what: str) -> Option:
    """--seeds N; more would meet those of the next --seed."""
    return click.option("--seeds", type=click.IntRange(2, 1000), metavar="N", help=what)


def quick(what: str) -> Option:
    """--quick; what: is left out for it."""
    return click.option("--quick", is_flag=True, help=f"{what}: a first look.")


def count(name: str, what: str) -> Option:
    """An option that takes a number from one on."""
    return click.option(name, type=click.IntRange(min=1), metavar="N", help=what)


def force(store: str, also: str = "") -> Option:
    """--force; store: the file of runs that may be corrupt; also: what else it does."""
    also = f"{also}; " if also else ""
    return click.option(
        "--force",
        is_flag=True,
        help=f"Replace pages of another --seed; {also}move a corrupt {store} aside "
        "(nothing is deleted) and start anew.",
    )


def several(name: str, field: str, what: str, **options: Any) -> Option:
    """An option that may be repeated."""
    return click.option(
        name, field, multiple=True, help=f"{what}; may be repeated.", **options
    )


def print_json(content: Any, indent: int | None = 1) -> None:
    """The answer to --json, on standard output."""
    click.echo(json.dumps(content, indent=indent, allow_nan=False))


def check_folder(out: Path) -> None:
    """Make the folder and write into it once, before anything runs.

    Raises ResourceUnavailable.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as probe:
            probe.write(bytes(65536))
    except OSError as error:
        raise from_system(OSError(error.errno, error.strerror, str(out))) from error


def open_page(page: Path) -> None:
    """Open a page; where no browser takes it, say so on stderr."""
    address = Path(page).resolve().as_uri()
    try:
        opened = webbrowser.open_new_tab(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        click.echo(f"No browser could be opened here; the page is {address}", err=True)
