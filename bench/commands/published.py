"""`gradclinic published`: what others published, made again."""

from collections.abc import Iterable
from pathlib import Path

import click

from ..completion import completing
from ..errors import OK, unknown
from . import options as option


def _results() -> Iterable[str]:
    from ..studies.published import PUBLISHED

    return PUBLISHED


@click.command()
@option.several(
    "--result",
    "names",
    "Only this result",
    metavar="NAME",
    shell_complete=completing(_results),
)
@option.quick("Fewer seeds")
@option.seed("data, initial weights and orders follow")
@option.count("--threads", "Runs at a time.  [default: all processors]")
@option.out("the page, its numbers and pictures")
@option.as_json
@option.show
def command(
    names: tuple[str, ...],
    quick: bool,
    seed: int,
    threads: int | None,
    out: Path,
    as_json: bool,
    show: bool,
) -> int:
    """Make results again that others published, and lay ours beside theirs.

    Double descent, sparse parity, grokking, memorised labels, and more, trained by our
    kernels. Writes published.html, published.json and pictures.
    """
    for name in names:
        if name not in _results():
            raise unknown("result", name, _results())
    option.check_folder(out)
    from ...kernels.threads import chosen_threads
    from ...reports import write_published_page
    from ..durations import expected
    from ..progress import working
    from ..studies.published import study

    settings = study.PublishedSettings(
        names or tuple(_results()), seed, chosen_threads(threads), quick
    )
    line = study.command_line(settings, names, out)
    for sentence in [] if names else expected("published", quick):
        click.echo(sentence, err=as_json)
    with working() as progress:
        content = study.published(settings, line, progress)
    if as_json:
        option.print_json(content)
    page = write_published_page(content, out)
    click.echo(f"The page is {page}", err=as_json)
    if show:
        option.open_page(page)
    return OK
