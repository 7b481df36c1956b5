"""Pages shown in the browser, where there is one."""

import webbrowser
from pathlib import Path

import click

OPEN = click.option(
    "--open",
    "show",
    is_flag=True,
    help="Open the pages in the browser as soon as they are written.",
)


def open_page(page: Path) -> None:
    """Open a page; where no browser takes it, say so on stderr."""
    address = Path(page).resolve().as_uri()
    try:
        opened = webbrowser.open_new_tab(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        click.echo(f"No browser could be opened here; the page is {address}", err=True)
