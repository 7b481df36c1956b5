"""How much memory there is, and whether trials under a budget can run."""

from dataclasses import dataclass

from ..container import memory_limit
from ..memory import available_bytes, process_memory
from .check import Check

_GB = 1_000_000_000
_NEEDED = _GB  # the commands' own processes and a guarded trial beside them
_GUARDED = "Trials under a memory budget"


@dataclass(frozen=True)
class Memory:
    """Facts in bytes. limit: the container's, or None. proc: /proc tells peaks."""

    total: int
    available: int
    limit: int | None
    proc: bool


def memory_facts() -> Memory:
    """Look at machine, container and /proc."""
    import psutil

    return Memory(
        total=psutil.virtual_memory().total,
        available=available_bytes(),
        limit=memory_limit(),
        proc=process_memory() is not None,
    )


def memory(facts: Memory) -> Check:
    """Judge what is free."""
    found = f"{facts.available / _GB:.1f} of {facts.total / _GB:.1f} GB are free"
    if facts.limit is not None and facts.limit < facts.total:
        found += f" (the container may use {facts.limit / _GB:.1f} GB)"
    if facts.available < _NEEDED:
        step = "Close other programs, or run with --jobs 1."
        return Check("memory", "warn", f"{found}: little for several jobs.", step)
    if not facts.proc:
        return Check("memory", "warn", f"{found}. {_GUARDED} need Linux's /proc.")
    return Check("memory", "ok", f"{found}.")
