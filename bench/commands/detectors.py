"""`gradclinic detectors`: how often each rule that names a trouble is right."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..completion import completing
from ..errors import OK, unknown
from . import options as option


def _troubles() -> Iterable[str]:
    from ...scenarios.severities import SCORED

    return SCORED


@click.command()
@option.several(
    "--trouble",
    "troubles",
    "Only this trouble",
    metavar="NAME",
    shell_complete=completing(_troubles),
)
@option.quick("One master seed of five")
@click.option(
    "--seed",
    type=click.IntRange(0, 10**6),
    default=3,
    show_default=True,
    metavar="N",
    help="The first master seed, of five; 0 to 2 set the thresholds.",
)
@option.count("--jobs", "Processes that train at once.  [default: one a core]")
@option.out("the page, its numbers, its picture and stored runs")
@option.as_json
@option.show
def command(
    troubles: tuple[str, ...],
    quick: bool,
    seed: int,
    jobs: int | None,
    out: Path,
    as_json: bool,
    show: bool,
) -> int:
    """Cause troubles on purpose, and count how often each rule names them.

    Eleven troubles at three strengths on several data sets, beside sound trainings on
    which no rule may fire. Ours are judged of one run and of several seeds; rules of
    AutoTrainer, skore and SageMaker Debugger on the same runs. Writes detectors.html,
    detectors.json and detectors.sqlite; what is stored there is not trained again.
    """
    troubles = tuple(dict.fromkeys(troubles))
    for name in troubles:
        if name not in _troubles():
            raise unknown("trouble", name, _troubles())
    option.check_folder(out)
    from joblib import cpu_count

    from ...reports import write_detectors_page
    from ..durations import expected
    from ..execution.warm import warm_for_run
    from ..progress import working
    from ..studies.detectors import study

    settings = study.DetectorSettings(
        troubles or tuple(_troubles()), seed, quick, jobs or cpu_count()
    )
    line = study.command_line(settings, troubles, out)
    for sentence in [] if troubles else expected("detectors", quick):
        click.echo(sentence, err=as_json)
    with working() as progress:
        warm_for_run(progress)
        content = study.detectors(settings, out, line, progress)
    if as_json:
        option.print_json(content)
    page = write_detectors_page(content, out)
    click.echo(f"The page is {page}", err=as_json)
    if show:
        option.open_page(page)
    return OK
