"""`gradclinic optimizers`: how optimizers converge, and whether ours are right."""

from typing import TYPE_CHECKING

import click

from ..completion import completing, optimizers, problems
from ..earlier import check_seed
from . import options as option

if TYPE_CHECKING:
    from rich.console import Console


def no_budget(context: click.Context, option: click.Parameter, given: str | None):
    """Refuse --budget: elsewhere it is a time, and here it once was trials."""
    if given is not None:
        raise click.UsageError(
            "--budget is a time in seconds wherever it is an option, and this study has"
            f" no such limit; --trials N says how many trials: --trials {given}?"
        )


@click.command()
@option.several(
    "--optimizer",
    "optimizers",
    "Study this one only, or a file of your own, which then stands beside all others",
    metavar="NAME|FILE",
    shell_complete=completing(optimizers, files=True),
)
@option.several(
    "--problem",
    "problems",
    "Train on this problem only",
    metavar="NAME",
    shell_complete=completing(problems),
)
@click.option(
    "--trials",
    type=click.IntRange(1, 500),
    metavar="N",
    help="Trials of the largest search.  [default: 50]",
)
@click.option(
    "--budget",
    metavar="SECONDS",
    hidden=True,
    callback=no_budget,
    expose_value=False,
    help="Refused: elsewhere a time in seconds, and here trials are meant.",
)
@option.seeds("Fresh seeds the best trial is run on.  [default: 10]")
@option.seed("all randomness follows")
@option.quick("3 problems, 25 trials, 5 seeds")
@option.count("--threads", "Networks trained side by side.  [default: all cores]")
@option.out("pages, numbers and stored runs")
@option.force("optimizers.sqlite")
@click.option(
    "--parity",
    is_flag=True,
    help="Compare ours, step by step, with stored runs of other libraries.",
)
@option.as_json
@option.show
def command(parity: bool, as_json: bool, show: bool, **options) -> int:
    """Study how optimizers converge, and rank one of your own among them.

    Tunes every optimizer on every problem, by random search and then by better learning
    rates, runs the best on fresh seeds, and compares how soon they meet frozen targets
    and stay there. Writes optimizers.html, a
    page a problem, a page an optimizer, pictures, and all numbers as optimizers.json. A
    study that was interrupted resumes where it stopped when the same command is given
    again.

    With --parity instead: every optimizer against the libraries that have it, 200 steps
    in float64 on an ill-conditioned quadratic and on a small network. The exit code is
    1 where a difference exceeds its tolerance.
    """
    if parity:
        return show_parity(as_json)
    return run_study(as_json, show, options)


def run_study(as_json: bool, show: bool, options: dict) -> int:
    """Run the study, write its pages, print who ranks where; return the exit code."""
    from ..errors import OK, RunsFailed

    option.check_folder(options["out"])
    from ...reports import write_optimizer_pages
    from ...reports.optimizers.terminal import print_summary
    from ..progress import working
    from ..studies.optimizers.choice import StudyOptions
    from ..studies.optimizers.study import study

    options["budget"] = options.pop("trials")
    settings = StudyOptions(**options).settings()
    check_seed(options["out"], ["optimizers"], options["seed"], options["force"])
    for sentence in expected_of(options):
        click.echo(sentence, err=as_json)
    with working() as progress:
        content = study(settings, progress)
        progress(1, 1, "Drawing")
        page = write_optimizer_pages(content, options["out"], settings.threads)
    from rich.console import Console

    print_summary(content, Console(highlight=False, stderr=as_json))
    if as_json:
        option.print_json(content, indent=None)
    for bad in content["failed"]:
        click.echo("{optimizer} on {problem}: {reason}".format(**bad), err=True)
    click.echo(f"The page is {page}", err=as_json)
    if show:
        option.open_page(page)
    return RunsFailed.exit_code if content["failed"] else OK


def expected_of(options: dict) -> list[str]:
    """Say how long the whole study takes, where nothing makes it another one."""
    from ..durations import expected

    changed = ("optimizers", "problems", "budget", "seeds", "threads")
    if any(options[name] for name in changed):
        return []
    return expected("optimizers", options["quick"])


def show_parity(as_json: bool) -> int:
    """Print the certificate of parity; return the exit code."""
    from ..errors import FAIL_ON_HIT, OK
    from ..studies.parity.certificate import certificate, passes

    content = certificate()
    if as_json:
        option.print_json(content)
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
