"""`gradclinic explain`: a trouble in three sentences."""

from pathlib import Path

import click

from ..catalogue import pages
from ..completion import completing
from ..errors import unknown
from ..typed import OUT, typed
from .report import read_results


@click.command()
@click.argument("name", metavar="NAME", shell_complete=completing(pages))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=OUT,
    show_default=True,
    metavar="DIR",
    help="Folder of the results of gradclinic run.",
)
def command(name: str, out: Path) -> None:
    """Say what a trouble is, how to recognise it, and what to try first.

    NAME is a scenario or a part of one, as gradclinic list has it. What to try first
    rests on the results in DIR; without any, gradclinic run NAME makes some.
    """
    known = pages()
    if name not in known:
        raise unknown("scenario", name, known)
    results = {
        question["scenario"]: question
        for result in (read_results(out) if out.is_dir() else [])
        for question in (result, *(result.get("parts") or ()))
    }
    click.echo("\n".join(explained(name, results.get(name), out)))


def explained(name: str, result: dict | None, out: Path) -> list[str]:
    """The lines on a scenario; result: what `gradclinic run` found of it, or None."""
    from ...reports.opening import opening
    from ...scenarios import SCENARIOS

    questions = {q.name: q for s in SCENARIOS.values() for q in (s, *s.parts)}
    question = questions[name]
    said = [question.title, question.summary, question.symptom.look]
    if result is not None:
        return [*said, opening(result)[2]]
    run = typed("gradclinic", "run", pages()[name], out=out)
    return [*said, f"What to try first, {run} finds out."]
