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

_PARTS = {"schema", "scenario", "fixes", "controls", "symptom", "machine", "command"}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@option.as_json
@option.show
def command(folder: Path, as_json: bool, show: bool) -> None:
    """Draw pages again from the results in DIR.

    Nothing is run; index.html, the pages and the figures are written anew, as are
    profile.html, history.html, diagnose.html and optimizers.html with its pages where
    DIR holds their numbers.
    """
    from ..progress import progress_bar

    results, profile = read_results(folder), read_kind(folder, "profile")
    study, history = read_kind(folder, "optimizers"), read_kind(folder, "history")
    diagnosis = read_kind(folder, "diagnose")
    if not (results or profile or study or history or diagnosis):
        raise BadData(nothing_in(folder))
    with progress_bar("Drawing") as progress:
        pages = [draw(results, folder, progress)] if results else []
        if profile:
            from ...reports import write_profile_page

            pages.append(write_profile_page(profile, folder))
        if study:
            from joblib import cpu_count

            from ...reports import write_optimizer_pages

            pages.append(write_optimizer_pages(study, folder, cpu_count()))
        if history:
            from ...reports import write_history_page

            pages.append(write_history_page(history, folder))
        if diagnosis:
            from ...reports import write_diagnose_page

            pages.append(write_diagnose_page(diagnosis, folder / "diagnose.html"))
    if as_json:
        found = [*results, *filter(None, (profile, study, history, diagnosis))]
        option.print_json(found)
    click.echo(f"The pages are in {pages[0].resolve()}", err=as_json)
    if show:
        option.open_page(pages[0])


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
    """Return what `gradclinic KIND` stored, None if nothing. Raises BadData."""
    path = folder / f"{kind}.json"
    if not path.exists():
        return None
    again = f"measure again by gradclinic {kind}"
    found = stored_content(path, again)
    if found.get("schema") != newest_schema(kind) or found.get("kind") != kind:
        raise BadData(
            f"{path} is not a result of gradclinic {kind}; move it away, or {again}."
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
