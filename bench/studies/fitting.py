"""Does a fix suit other data? The doses that do, or the reason why none does."""

from dataclasses import replace

from ...scenarios import Fix, Trial
from ...scenarios.doses import Doses
from ..execution.data import split
from ..execution.network import network
from ..execution.recognition import check_threshold


def fitting(fix: Fix, trial: Trial, seed: int) -> Fix:
    """A fix with those of its doses that suit a trial and its data.

    ValueError, or the DataError of the data, where none does.
    """
    if fix.doses is None:
        _check(fix.treated(trial), trial, seed)
        return fix
    kept, refused = [], ValueError("it has no doses")
    for dose in fix.doses.values:
        try:
            _check(fix.treated(trial, dose), trial, seed)
            kept.append(dose)
        except ValueError as error:
            refused = error
    if not kept:
        raise refused
    return replace(fix, doses=_only(fix.doses, kept))


def _only(doses: Doses, kept: list[float]) -> Doses:
    """Doses of which none beyond these is tried, where some are left out."""
    if len(kept) == len(doses.values):
        return doses
    usual = min(kept, key=lambda dose: abs(dose - doses.usual))
    ends = {"least": kept[0], "most": kept[-1]}
    return replace(doses, values=tuple(kept), usual=usual, **ends)


def _check(treated: Trial, trial: Trial, seed: int) -> None:
    """ValueError where a treated trial is the same, or cannot be made."""
    if treated == trial:
        raise ValueError("it sets what is so already")
    net = network(treated, split(treated.data, seed))
    if treated.decision == "balanced":
        check_threshold(net.outputs)
