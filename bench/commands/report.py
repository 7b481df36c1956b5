"""`gradclinic report`: draw the pages of a folder again from what is stored in it."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BadData
from ..stored_content import SCHEMA, newest_schema, stored_content
from ..typed import typed
from . import options as option

if TYPE_CHECKING:
    from ..progress import Report

# Contents beside those of scenarios, and what makes each again.
KINDS = {
    "profile": "gradclinic profile",
    "optimizers": "gradclinic optimizers",
    "history": "gradclinic history",
    "diagnose": "gradclinic diagnose",
    "curves": "gradclinic diagnose --curves",
    "published": "gradclinic published",
    "detectors": "gradclinic detectors",
    "compare": "gradclinic compare",
}
_PARTS = {"schema", "scenario", "fixes", "controls", "symptom", "machine", "command"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@option.as_json
@option.show
def command(folder: Path, as_json: bool, show: bool) -> None:
    """Draw pages again from the results in DIR.

    Nothing is run. index.html, the pages of scenarios and the figures are written anew,
    as are the pages of profile, optimizers, history, diagnose, diagnose --curves,
    published, detectors and compare where DIR holds their numbers.
    """
    from ..progress import progress_bar

    results = read_results(folder)
    others = {kind: found for kind in KINDS if (found := read_kind(folder, kind))}
    if not (results or others):
        raise BadData(nothing_in(folder))
    with progress_bar("Drawing") as progress:
        pages = [draw(results, folder, progress)] if results else []
        pages += [draw_kind(kind, found, folder) for kind, found in others.items()]
    if as_json:
        option.print_json([*results, *others.values()])
    click.echo(f"The pages are in {pages[0].resolve()}", err=as_json)
    if show:
        option.open_page(pages[0])


def draw_kind(kind: str, content: dict, folder: Path) -> Path:
    """Write the page of a content of a kind, and others with it; return the first."""
    from ... import reports

    if kind == "optimizers":
        from joblib import cpu_count

        return reports.write_optimizer_pages(content, folder, cpu_count())
    write = getattr(reports, f"write_{kind}_page")
    named = kind in ("diagnose", "curves")
    return write(content, folder / f"{kind}.html" if named else folder)


def draw(results: list[dict], folder: Path, progress: "Report") -> Path:
    """Write the pages of `results` and the index of all in the folder; return that."""
    from joblib import Parallel, cpu_count, delayed

    from ...reports import write_index, write_scenario_page
    from ..studies.error_rates import stored_figures

    cores = cpu_count()
    jobs = max(1, min(cores, len(results)))
    pages = Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(write_scenario_page)(result, folder) for result in results
    )
    for number, page in enumerate(pages, 1):
        progress(number, len(results), f"Drawn {page}")
    everything = _all_results(results, folder)
    return write_index(everything, folder, stored_figures(), cores)


def _all_results(results: list[dict], folder: Path) -> list[dict]:
    """These results and the readable ones that were in the folder before."""
    found = {result["scenario"]: result for result in results}
    for path in sorted(folder.glob("*.json")):
        with suppress(BadData, OSError):
            earlier = _read(path)
            found.setdefault(earlier["scenario"], earlier)
    return [found[name] for name in sorted(found)]


def read_results(folder: Path) -> list[dict]:
    """Return the stored results of known scenarios, by name. Raises BadData."""
    from ...scenarios import SCENARIOS

    paths = (folder / f"{name}.json" for name in sorted(SCENARIOS))
    return [_read(path) for path in paths if path.exists()]


def read_kind(folder: Path, kind: str) -> dict | None:
    """Return what is stored of one of `KINDS`, None if nothing is. Raises BadData."""
    path = folder / f"{kind}.json"
    if not path.exists():
        return None
    again = f"make it again by {KINDS[kind]}"
    found = stored_content(path, again)
    if found.get("schema") != newest_schema(kind) or found.get("kind") != kind:
        raise BadData(
            f"{path} is not a result of {KINDS[kind]}; move it away, or {again}."
        )
    return found


def nothing_in(folder: Path) -> str:
    """Say why there is nothing to draw, and what to do."""
    if not folder.is_dir():
        return f"There is no folder {folder}."
    runs = folder / "runs.sqlite"
    if not runs.exists():
        again = typed("gradclinic", "run", out=folder)
        return f"{folder} holds no results: {again} makes some."
    from ..execution.store import Store

    with Store(runs) as store:
        count = len(store.runs())
    return (
        f"{folder} holds {count} runs but no finished scenario: the gradclinic run "
        f"that was interrupted, given again with {typed(out=folder)}, finishes it."
    )


def _read(path: Path) -> dict:
    again = "run its scenario again"
    result = stored_content(path, again)
    if result.get("schema") != SCHEMA or not _PARTS <= set(result):
        raise BadData(
            f"{path} is not a result of gradclinic run; move it away, or {again}."
        )
    return result
