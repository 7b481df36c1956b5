"""`gradclinic profile`: how fast the kernels are here, beside what else there is."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..completion import cases as every_case
from ..completion import completing
from ..errors import OK, unknown
from . import options as option

if TYPE_CHECKING:
    from ..studies.profile.study import Imported


@click.command()
@click.option(
    "--peers", is_flag=True, help="Also time NumPy, scikit-learn, torch, JAX."
)
@option.quick("Fewer samples, one process")
@option.several(
    "--case",
    "cases",
    "Compare the peers on this network only",
    metavar="NAME",
    shell_complete=completing(every_case),
)
@option.count("--threads", "Threads for us and for every peer.  [default: all]")
@click.option(
    "--import",
    "imported",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A GPU measured elsewhere by bench/gpu.sh, to lay beside this machine's CPU.",
)
@option.out("the page, its numbers and pictures")
@option.seed("data and initial weights follow")
@option.as_json
@option.show
def command(
    peers: bool,
    quick: bool,
    cases: tuple[str, ...],
    threads: int | None,
    imported: Path | None,
    out: Path,
    seed: int,
    as_json: bool,
    show: bool,
) -> int:
    """Measure the speed of the kernels on this machine.

    Steps, updates, threads, start-up, growth with size; with --peers also the same
    training by other libraries, in turns, after they came to the same losses, and
    every update beside torch.optim's. Where there is an NVIDIA GPU it is measured
    beside the CPU; one elsewhere comes by --import. Writes profile.html, profile.json
    and pictures.
    Install the other libraries by pip install 'gradclinic[peers]'.
    """
    from ..studies.profile.cases import CASES

    for name in cases:
        if name not in CASES:
            raise unknown("case", name, CASES)
    if cases and not peers:
        raise click.UsageError(
            "--case chooses what peers are compared on: add --peers."
        )
    elsewhere = read_import(imported)
    option.check_folder(out)
    from ...kernels.threads import chosen_threads
    from ...reports import write_profile_page
    from ..progress import working
    from ..studies.profile.settings import ProfileSettings
    from ..studies.profile.study import profile

    samples, processes = (10, 1) if quick else (21, 3)
    settings = ProfileSettings(chosen_threads(threads), quick, samples, processes, seed)
    with working() as progress:
        content = profile(settings, peers, cases, progress, elsewhere, out)
    if as_json:
        option.print_json(content)
    page = write_profile_page(content, out)
    for peer in content["peers"]:
        if not peer["available"]:
            click.echo(f"{peer['label']}: {peer['reason']}.", err=True)
    if content["gpu_missing"]:
        click.echo(content["gpu_missing"], err=True)
    click.echo(f"The page is {page}", err=as_json)
    if show:
        option.open_page(page)
    return OK


def read_import(path: Path | None) -> "Imported | None":
    """The file given to --import, checked before anything is measured."""
    if path is None:
        return None
    from ..studies.gpu.stored import load
    from ..studies.profile.study import Imported

    return Imported(load(path), str(path))
