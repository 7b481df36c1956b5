"""What a trial under a memory budget may never do, checked before it runs."""

import sys

from ..measurement.memory import available_bytes, process_memory

LARGEST_BUDGET = 512_000_000  # bytes
FREE_SHARE = 0.25


def safety_cap() -> int:
    """Return the bytes a trial may take: 512 MB, or a quarter of what is free."""
    return min(LARGEST_BUDGET, int(FREE_SHARE * available_bytes()))


def unsupported() -> str | None:
    """Return why no guarded trial can run here, None where it can."""
    if sys.platform != "linux":
        return "Guarded trials need Linux, where a process can limit its own memory."
    if process_memory() is None:
        return "Guarded trials need Linux's /proc, which is not complete here."
    return None


def refusal(budget: int, predicted: int | None, cap: int) -> tuple[str, str] | None:
    """Return status and sentence of a trial that must not run, None where it may.

    budget: bytes it may take; predicted: bytes it is expected to take, or None; cap:
    bytes that are safe.
    """
    safe = f"{cap / 1e6:.1f} MB"
    if predicted is not None and predicted > cap:
        reason = f"It would take {predicted / 1e6:.1f} MB; {safe} are safe here."
        return "predicted-not-run", reason
    if budget > cap:
        reason = (
            f"The budget, {budget / 1e6:.1f} MB, is above what is safe here, {safe}."
        )
        return "failed", reason
    return None
