"""`gradclinic history`: the systems of seven decades on tasks that they share."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..completion import completing
from ..errors import OK, unknown
from . import options as option


def _tasks() -> Iterable[str]:
    from ..studies.history.tasks import TASKS

    return TASKS


@click.command()
@option.several(
    "--task",
    "tasks",
    "Only this task",
    metavar="NAME",
    shell_complete=completing(_tasks),
)
@option.quick("Two seeds, XOR and digits only")
@option.seeds(
    "Seeds of each system on each task.  [default: the task's, 3 to 10; 2 with --quick]"
)
@option.seed("data, initial weights and orders follow")
@option.count("--threads", "Runs at a time.  [default: all processors]")
@option.out("the page, its numbers and pictures")
@option.as_json
@option.show
def command(
    tasks: tuple[str, ...],
    quick: bool,
    seeds: int | None,
    seed: int,
    threads: int | None,
    out: Path,
    as_json: bool,
    show: bool,
) -> int:
    """Train the systems of seven decades on tasks that they share.

    From threshold units and the perceptron to convolutions, gates, skips and
    attention: parameters, test accuracy with its interval, time to train, what each
    mended, a picture of each, and its source. Writes history.html, history.json and
    pictures.
    """
    for name in tasks:
        if name not in _tasks():
            raise unknown("task", name, _tasks())
    option.check_folder(out)
    from ...kernels.threads import chosen_threads
    from ...reports import write_history_page
    from ..durations import expected
    from ..progress import working
    from ..studies.history import study

    settings = study.HistorySettings(
        tasks or (study.QUICK_TASKS if quick else tuple(_tasks())),
        seeds,
        seed,
        chosen_threads(threads),
        quick,
    )
    line = study.command_line(settings, tasks, out)
    for sentence in [] if tasks or seeds else expected("history", quick):
        click.echo(sentence, err=as_json)
    with working() as progress:
        content = study.history(settings, line, progress)
    if as_json:
        option.print_json(content)
    page = write_history_page(content, out)
    click.echo(f"The page is {page}", err=as_json)
    if show:
        option.open_page(page)
    return OK
