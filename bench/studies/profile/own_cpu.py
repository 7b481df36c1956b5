"""This machine's CPU at the sizes of a measurement that was made on another machine."""

from collections.abc import Iterable

from ...measurement.peers.case import Case
from ..gpu.verdicts import STEP
from .settings import ProfileSettings
from .training import stepper

STEPS = 4  # an epoch; of a whole one the work is the same
# Seconds that all samples of a network and batch may take.
ALLOWED, ALLOWED_QUICK = 20.0, 3.0


def seconds_at(
    grid: Iterable[dict], settings: ProfileSettings, progress
) -> tuple[dict[tuple[int, int], list[float]], list[str]]:
    """({(width, batch): seconds a step}, what was left out, a sentence each).

    From the smallest step on; a step that would take too long, judged by the one
    before it, is left out, and so are all that are larger.
    """
    entries = sorted(
        (entry for entry in grid if entry["seconds"].get(STEP)),
        key=lambda entry: entry["multiply_adds"],
    )
    allowed = ALLOWED_QUICK if settings.quick else ALLOWED
    samples, found, before = max(10, settings.samples), {}, None
    for done, entry in enumerate(entries):
        progress(done, len(entries), f"This CPU: {entry['network']}")
        if before and _expected(before, entry) * STEPS * (samples + 2) > allowed:
            return found, [_left_out(entries[done:], entries)]
        width, batch = entry["width"], entry["batch"]
        sizes = (width, width, width, 10)
        case = Case(entry["network"], "step", sizes, batch, STEPS * batch)
        call = stepper(case, settings.seed, settings.threads)
        found[width, batch] = [call() for _ in range(samples)]
        before = entry, min(found[width, batch])
    return found, []


def _expected(before: tuple[dict, float], entry: dict) -> float:
    """Seconds of a step, if it takes as much longer as it has more to do."""
    smaller, seconds = before
    return seconds * entry["multiply_adds"] / smaller["multiply_adds"]


def _left_out(rest: list[dict], entries: list[dict]) -> str:
    first, many = rest[0], f"{len(rest)} " if len(rest) > 1 else ""
    return (
        f"This machine's CPU was not timed on the {many}largest of {len(entries)}"
        f" sizes, from {first['network']} at batch {first['batch']} on: that would"
        " have taken too long."
    )
