"""Pictures that compare systems: what gates learn, keep and recall."""

from typing import Any

from .parts import lines
from .pictures.states import kept
from .systems import SYSTEMS
from .tasks import COPY_SYMBOLS, TASKS

RECURRENT = ("elman", "lstm", "gru")
Found = dict[tuple[str, str], dict[str, Any]]


def plots(seed: int, found: Found) -> list[dict[str, Any]]:
    """The plots of the page that are of several systems, as `reports.figures` draws.

    found: {(system, task): result}; seed: of what is trained for a picture alone.
    """
    measured = [learning_curves(found), recalled(found)]
    return [*(each for each in measured if each), kept(seed)]


def learning_curves(found: Found) -> dict[str, Any] | None:
    """Validation loss of the recurrences on the adding problem, pass by pass."""
    curves = {
        SYSTEMS[name].title: result["curve"]
        for (name, task), result in found.items()
        if task == "adding" and name in RECURRENT
    }
    if not curves:
        return None
    return lines(
        "Gates learn what lies far back",
        "Mean squared error on validation rows of the adding problem, first seed. To"
        " answer the mean costs 0.167: what stays there has learned nothing.",
        ("passes over the training rows", "mean squared error"),
        {name: (range(1, len(curve) + 1), curve) for name, curve in curves.items()},
        y_scale="log",
    )


def recalled(found: Found) -> dict[str, Any] | None:
    """Accuracy on the copy task by the symbols that are to be kept."""
    series = {}
    for name, system in SYSTEMS.items():
        points = sorted(
            (TASKS[task].length, 100 * result["mean"])
            for (which, task), result in found.items()
            if which == name and TASKS[task].family == "copying" and result["mean"]
        )
        if points:
            series[system.title] = tuple(map(list, zip(*points, strict=True)))
    if not series:
        return None
    return lines(
        "How many symbols are recalled",
        "Copy task: share of test rows that are right, means over seeds. A state of 64"
        " numbers must hold all symbols before it knows which is asked for; attention"
        f" looks back. A guess is right in {100 / COPY_SYMBOLS:.3g} %.",
        ("symbols to be kept", "rows that are right, %"),
        series,
    )
