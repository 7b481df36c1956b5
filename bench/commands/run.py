"""`gradclinic run`: break, detect, mend, judge, and draw the pages."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from ..catalogue import parts_in, parts_of, precisions, scenarios_of
from ..completion import completing, questions
from ..earlier import check_seed
from ..errors import OK, ResourceUnavailable, UsageError
from ..outcome import CONDITIONS, closing_lines, outcome
from ..typed import program, typed
from . import options as option


@click.command()
@click.argument(
    "scenarios",
    nargs=-1,
    metavar="[SCENARIO]...",
    shell_complete=completing(questions),
)
@option.out("pages, numbers and stored runs")
@option.seed("all randomness follows")
@option.seeds("Seeds a fix is judged on, at least 2.  [default: as each scenario asks]")
@option.quick("The first question of each scenario, usual doses, fewer seeds")
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="Run only what is forecast to fit into this time, quick looks first; what is "
    "left out is said, and the same command goes on with it.",
)
@option.count("--jobs", "Processes that train at once.  [default: one a core]")
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where to train. auto: on a GPU where there is one and the steps are large "
    "enough for it; what a GPU cannot do runs on the processor.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Train once, as a prescription.toml of gradclinic diagnose says, instead of "
    "running scenarios; --out and --json apply.",
)
@option.as_json
@option.force("runs.sqlite", "time again what was timed on a noisy host")
@click.option(
    "--fail-on",
    type=click.Choice(list(CONDITIONS)),
    multiple=True,
    help="Exit with 1 where a scenario has no cure (uncured), a control that "
    "misbehaves (controls) or a healthy baseline (symptom); may be repeated.",
)
@option.show
def command(
    scenarios: tuple[str, ...],
    out: Path,
    as_json: bool,
    fail_on: tuple[str, ...],
    show: bool,
    config: Path | None,
    **options,
) -> int:
    """Break training on purpose; judge which fixes work.

    Runs the SCENARIOs named (default: all; `gradclinic list` names them and their
    parts, and a part runs the scenario whose page it is on), stores each run as it
    ends, and writes index.html, a page and a JSON file a scenario, and figures. A run
    that was interrupted resumes where it stopped when the same command is given again.
    With --quick a scenario is asked its first question, and those parts that are named.
    """
    if config is not None:
        return train_by(config, scenarios, out, as_json)
    began = time.monotonic()
    check_device(options["device"])
    chosen = scenarios_of(scenarios)
    option.check_folder(out)
    check_seed(
        out, chosen or scenarios_of(questions()), options["seed"], options["force"]
    )
    seconds = options.pop("budget")
    options["parts"] = parts_of(scenarios)
    expected = expected_of(chosen, options) if seconds is None else []
    for sentence in (*parts_in(scenarios, options["quick"]), *expected):
        click.echo(sentence, err=as_json)
    within = None
    if seconds is not None:
        from ..studies.within import Within

        within = Within(seconds, began, partial(click.echo, err=as_json))
    results, index = run_and_draw(chosen, out, options, within)
    if as_json:
        option.print_json(results)
    for line in (*closing_lines(results, index), *(within.closing if within else ())):
        click.echo(line, err=as_json)
    if options["quick"]:
        whole = in_full(chosen, out, options)
        click.echo(f"{looked(results)} In full: {whole}", err=as_json)
    if show:
        option.open_page(index)
    return outcome(results, fail_on)


def train_by(config: Path, scenarios: tuple[str, ...], out: Path, as_json: bool) -> int:
    """Train as a prescription says; tell of its losses, and write them into OUT."""
    if scenarios:
        raise UsageError("--config trains by a file: name no scenario beside it.")
    option.check_folder(out)
    from ...kernels.threads import chosen_threads
    from ..studies.diagnose.training_by_file import told, train_by_file

    result = train_by_file(config, out, chosen_threads(None))
    if as_json:
        option.print_json(result)
    for line in told(result):
        click.echo(line, err=as_json)
    click.echo(f"The weights are in {(out / 'trained.npz').resolve()}", err=as_json)
    return OK


def run_and_draw(chosen: tuple[str, ...], out: Path, options: dict, within=None):
    """Run the scenarios and write their pages; return the results and the index.

    within: a `Within` where only what fits into a time is run.
    """
    from ..execution.warm import warm_for_run
    from ..progress import working
    from ..studies.suite import SuiteOptions, run_suite
    from ..studies.within import run_within
    from .report import draw

    with working() as progress:
        warm_for_run(progress, precisions(chosen))
        asked = SuiteOptions(chosen, out, **options)
        if within is None:
            results = run_suite(asked, progress=progress)
        else:
            results = run_within(asked, within, progress).results
        return results, draw(results, out, progress)


def expected_of(chosen: tuple[str, ...], options: dict) -> list[str]:
    """Say how long it will take, where that was measured: on a CPU, usual seeds."""
    from ..durations import WHOLE, expected

    quick, jobs = options["quick"], options["jobs"]
    usual = options["seeds"] is None and options["device"] != "cuda"
    if not usual or (quick and options["parts"]):  # no part was measured by itself
        return []
    # Together they start once: less than the sum, where that was measured.
    whole = [] if chosen else expected("run", quick, (WHOLE,), jobs)
    return whole or expected("run", quick, chosen or scenarios_of(questions()), jobs)


def looked(results: Iterable[dict]) -> str:
    """What a quick look was: how many of the questions it asked."""
    results = list(results)
    asked = sum(1 + len(result.get("parts", ())) for result in results)
    left = sum(len(result.get("unasked", ())) for result in results)
    if not left:
        return "This was the quick look."
    return f"This was the quick look, at {asked} of {asked + left} questions."


def in_full(scenarios: Iterable[str], out: Path, options: dict) -> str:
    """Return the command for the whole study, as it can be typed here."""
    kept = {name: options[name] for name in ("seed", "seeds", "jobs")}
    device = options["device"] if options["device"] != "auto" else None
    names = dict.fromkeys(scenarios)
    return typed(*program(), "run", *names, out=out, **kept, device=device)


def check_device(device: str) -> None:
    """Raise ResourceUnavailable where CUDA is asked for and cannot be used."""
    if device != "cuda":
        return
    from ...kernels.device import DeviceError, chosen_device

    try:
        chosen_device(device)
    except DeviceError as error:
        raise ResourceUnavailable(str(error)) from error
