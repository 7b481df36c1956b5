"""A log as it was read: its curves, and what is worth saying about it."""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import BadData
from ...statistics.logged import LEAST, LoggedCurves, LoggedSeries, gathered
from ...statistics.logged.curves import BLOCKS

LOSSES = ("train_loss", "val_loss")
_ACCURACIES = ("train_accuracy", "val_accuracy")


@dataclass(frozen=True)
class Logged:
    """curves: as rules read them; layout: whose file it is; columns: {curve: its name
    in the file}; evaluations: {curve: how many were logged}; notes: sentences.
    """

    curves: LoggedCurves
    layout: str
    columns: dict[str, str]
    evaluations: dict[str, int]
    notes: tuple[str, ...] = ()


def logged(
    series: dict[str, LoggedSeries],
    unit: str,
    layout: str,
    columns: dict[str, str],
    notes: tuple[str, ...] = (),
) -> Logged:
    """The `Logged` of checked series. Raises BadData where there is too little."""
    series = {name: each for name, each in series.items() if len(each)}
    _check_losses(series)
    counts = {name: len(each) for name, each in series.items()}
    more = list(notes)
    for name in _ACCURACIES:
        if name in series and _in_percent(series[name].y):
            series[name] = replace(series[name], y=series[name].y / 100)
            more.append(f"{columns[name]} is taken as percent.")
    if max(counts.values()) > BLOCKS:
        more.append(
            f"Curves of over {BLOCKS} values are averaged over {BLOCKS} blocks."
        )
    if any(len(each) > 1 and (np.diff(each.x) < 0).any() for each in series.values()):
        raise BadData(
            f"The {unit} goes back within the file: it holds several trainings; give"
            " one file each."
        )
    kept = {name: gathered(each.x, each.y) for name, each in series.items()}
    return Logged(LoggedCurves(kept, unit), layout, columns, counts, tuple(more))


def _check_losses(series: dict[str, LoggedSeries]) -> None:
    found = [series[name] for name in LOSSES if name in series]
    if not found:
        raise BadData(
            "The file holds no value of a training or a validation loss; name their"
            " columns train_loss and val_loss."
        )
    most = max(len(each) for each in found)
    broken = any(not np.isfinite(each.y).all() for each in found)
    if most < (1 if broken else LEAST):
        said = "value" if most == 1 else "values"
        raise BadData(
            f"The file holds {most} {said} of a loss; at least {LEAST} are needed to"
            " tell anything."
        )


def _in_percent(y: np.ndarray) -> bool:
    known = y[np.isfinite(y)]
    return bool(known.size and 1.5 < known.max() <= 100 and known.min() >= 0)
