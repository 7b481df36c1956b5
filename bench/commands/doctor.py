"""`gradclinic doctor`: is this machine set up to run fast?"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from . import options as option

if TYPE_CHECKING:
    from rich.console import Console

    from ..measurement.checkup.check import Check

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@option.as_json
@click.option(
    "--warm", is_flag=True, help="Compile all kernels now, so that nothing waits later."
)
def command(as_json: bool, warm: bool) -> int:
    """Check that this machine is set up to run fast.

    Looks at matrix kernels, threads, compiler, memory, GPU and noise, and trains a
    small network, which compiles kernels the first time; each finding has a verdict
    and, where something can be done, what to do. Warnings leave the exit code at 0; it
    is 5 where something must be mended before gradclinic can work.
    """
    from ..errors import OK, ResourceUnavailable
    from ..measurement.checkup import checkup
    from ..measurement.machine import machine_facts
    from ..progress import progress_bar

    if warm:
        click.echo(compile_kernels(), err=as_json)
    with progress_bar("Looking") as progress:
        checks = checkup(progress)
    if as_json:
        findings = [asdict(check) for check in checks]
        content = {"schema": 1, "machine": machine_facts(), "checks": findings}
        option.print_json(content)
    else:
        from rich.console import Console

        show(checks, Console(highlight=False))
    failed = any(check.verdict == "fail" for check in checks)
    return ResourceUnavailable.exit_code if failed else OK


def compile_kernels() -> str:
    """Compile everything; return a sentence on what it took and where it lies."""
    import time

    from ...kernels.folder import cache_folder
    from ..errors import ResourceUnavailable
    from ..execution.warm import warm
    from ..progress import progress_bar

    folder = cache_folder()
    if folder is None:
        raise ResourceUnavailable(
            "No folder to keep compiled kernels in is writable; set"
            " GRADCLINIC_CACHE_DIR to one that is."
        )
    began = time.perf_counter()
    with progress_bar("Compiling kernels") as progress:
        warm(progress)
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    seconds = time.perf_counter() - began
    return f"All kernels are compiled ({seconds:.0f} s): {size:.0f} MB in {folder}"


def show(checks: "Iterable[Check]", console: "Console") -> None:
    """Print the checks as a table, and one line that sums up."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_edge=False, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    checks = list(checks)
    for check in checks:
        found = Text(check.found)
        if check.next_step:
            found.append(f"\n→ {check.next_step}", style="bold")
        colour = _COLOURS[check.verdict]
        table.add_row(Text(check.verdict, style=colour), Text(check.name), found)
    console.print(table)
    console.print(f"\n{summary(checks)}")


def summary(checks: "Iterable[Check]") -> str:
    """Return the outcome in one sentence."""
    verdicts = [check.verdict for check in checks]
    if failures := verdicts.count("fail"):
        return f"{counted(failures, 'problem')} must be mended before it can work."
    if warnings := verdicts.count("warn"):
        return f"It works; {counted(warnings, 'finding')} can be improved."
    return "Everything is set up to run fast."


def counted(count: int, what: str) -> str:
    """Return `1 finding`, `2 findings`."""
    return f"{count} {what}{'' if count == 1 else 's'}"
