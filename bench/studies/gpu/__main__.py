"""`python -m gradclinic.bench.studies.gpu OUT.json`: measure, and write as it goes."""

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from ....kernels.device import DeviceError, chosen_device
from ....kernels.threads import chosen_threads
from ...errors import ResourceUnavailable
from .settings import settings_for
from .suite_outcome import with_tests


def _check(context, option, asked) -> None:
    """End here where it is only asked whether there is a GPU."""
    if asked:
        _need_gpu()
        context.exit(0)


def _need_gpu() -> None:
    try:
        chosen_device("cuda")
    except DeviceError as error:
        _give_up(error)


def _give_up(error: DeviceError) -> NoReturn:
    click.echo(str(error), err=True)
    sys.exit(ResourceUnavailable.exit_code)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_check,
    help="Only see whether there is a GPU to use: exit 0 or 5.",
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--seconds", type=click.FloatRange(min=1), help="For all of it, at most.")
@click.option("--quick", is_flag=True, help="Fewer sizes and samples: a first look.")
@click.option("--tiny", is_flag=True, help="Smallest sizes, as a simulator needs.")
@click.option("--no-peers", is_flag=True, help="Leave out PyTorch and JAX.")
@click.option(
    "--tests",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `pytest -v` printed; its counts become part of the result.",
)
def main(out, seconds, quick, tiny, no_peers, tests) -> None:
    """Measure this machine's GPU beside its CPU, and write OUT as JSON.

    Exits 5 where there is no GPU to use, or it fails; OUT then holds what was measured
    until then.
    """
    _need_gpu()
    from .measure import measure

    settings = settings_for(chosen_threads(None), seconds, quick, tiny, not no_peers)
    log = tests.read_text(encoding="utf-8", errors="replace") if tests else None
    try:
        measure(settings, _say, lambda content: write(out, with_tests(content, log)))
    except DeviceError as error:
        _give_up(error)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def write(out: Path, content: dict) -> None:
    """Write JSON so that the file is whole at any time."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(out.name + ".part")
    beside.write_text(
        json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8"
    )
    os.replace(beside, out)


if __name__ == "__main__":
    main()
