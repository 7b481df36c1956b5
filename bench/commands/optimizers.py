"""`gradclinic optimizers`: how optimizers converge, and whether ours are right."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console


@click.command()
@click.option(
    "--parity", is_flag=True,
    help="Compare ours, step by step, with stored runs of other libraries.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def command(parity: bool, as_json: bool) -> int:
    """Study how optimizers converge.

    With --parity: every optimizer against the libraries that have it, 200 steps in
    float64 on an ill-conditioned quadratic and on a small network. The exit code is 1
    where a difference exceeds its tolerance.
    """
    if parity:
        return show_parity(as_json)
    raise click.UsageError("Say what to do: --parity.")


def show_parity(as_json: bool) -> int:
    """Print the certificate of parity; return the exit code."""
    from ..errors import FAIL_ON_HIT, OK
    from ..studies.parity.certificate import certificate, passes

    content = certificate()
    if as_json:
        click.echo(json.dumps(content, indent=1, allow_nan=False))
    else:
        from rich.console import Console

        print_certificate(content, Console(highlight=False))
    return OK if passes(content) else FAIL_ON_HIT


def print_certificate(content: dict, console: "Console") -> None:
    """Print the certificate as a table, and what it comes to in one sentence."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE, show_edge=False, padding=(0, 1))
    for title in ("optimizer", "reference", "options"):
        table.add_column(title, overflow="fold")
    problems = sorted({name for row in content["rows"] for name in row["differences"]})
    for title in problems:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("difference", no_wrap=True)
    for row in content["rows"]:
        differences = row["differences"]
        numbers = [
            _number(differences[name], row["fault"]) if name in differences else ""
            for name in problems
        ]
        verdict = "[green]within[/]" if row["passes"] else "[red]over[/]"
        verdict += f" {row['tolerance']:.0e}"
        table.add_row(row["optimizer"], row["source"], row["label"], *numbers, verdict)
    console.print(table)
    for row in content["rows"]:
        if row["reason"]:
            console.print(f"{row['optimizer']}, {row['label']}: {row['reason']}.")
    for optimizer, test in content["derived"].items():
        console.print(f"{optimizer}: no public reference; derived in {test}")
    console.print(f"\n{summary(content)}")


def _number(difference: float | None, fault: str) -> str:
    return fault if difference is None else f"{difference:.0e}"


def summary(content: dict) -> str:
    """Return the outcome in one or two sentences."""
    rows = content["rows"]
    wrong = [row for row in rows if not row["passes"]]
    optimizers = len({row["optimizer"] for row in rows})
    said = (
        f"{len(rows) - len(wrong)} of {len(rows)} rows, {optimizers} optimizers,"
        f" agree over {content['steps']} steps; numbers are the largest difference in"
        " parts of the largest parameter."
    )
    if content["unproven"]:
        said += f" Not checked: {', '.join(content['unproven'])}."
    return said
