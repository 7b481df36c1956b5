"""How many threads may run, and how many would."""

import os
from dataclasses import dataclass

from ..machine import blas_libraries
from .check import Check


@dataclass(frozen=True)
class Threads:
    """Facts: cores of the machine, cores we may use, threads of kernels and of BLAS.

    variable: NUMBA_NUM_THREADS as set by the user, or None.
    """

    machine: int
    usable: int
    kernels: int
    blas: tuple[int, ...]
    variable: str | None = None


def thread_facts() -> Threads:
    """Look at cores (affinity and container quota) and at thread settings."""
    import joblib

    from ....kernels.threads import available_threads

    return Threads(
        machine=os.cpu_count() or 1,
        usable=joblib.cpu_count(),
        kernels=available_threads(),
        blas=tuple(library["threads"] for library in blas_libraries()),
        variable=os.environ.get("NUMBA_NUM_THREADS"),
    )


def threads(facts: Threads) -> Check:
    """Judge the threads that kernels run on against the usable cores."""
    found = f"Usable cores: {facts.usable}"
    if facts.usable < facts.machine:
        found += f" of {facts.machine} (affinity or a container closes the rest)"
    found += f". Threads: kernels {facts.kernels}; BLAS 1 inside them"
    if any(count > 1 for count in facts.blas):
        found += f", {max(facts.blas)} elsewhere"
    if facts.kernels > facts.usable:
        found += ". Threads without a core of their own wait for each other."
        step = f"export NUMBA_NUM_THREADS={facts.usable}"
        return Check("threads", "warn", found, step)
    if facts.kernels < facts.usable:
        found += f". Idle cores: {facts.usable - facts.kernels}."
        step = "unset NUMBA_NUM_THREADS" if facts.variable else ""
        return Check("threads", "warn", found, step)
    return Check("threads", "ok", found + ".")
