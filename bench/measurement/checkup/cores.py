"""How many threads may run, would run, and by what they are driven."""

import os
from dataclasses import dataclass
from importlib import import_module

from ..machine import blas_libraries
from .check import Check

_POOLS = {"tbb": "tbbpool", "omp": "omppool", "workqueue": "workqueue"}
# What Numba tries for each wish, in order (its manual, "The Threading Layers").
_WISHES = {
    "safe": ("tbb",),
    "threadsafe": ("tbb", "omp"),
    "forksafe": ("tbb", "workqueue"),
}
_MEANING = {
    "tbb": "safe with Python threads and after a fork",
    "omp": "safe with Python threads, not after a fork (gradclinic spawns instead)",
    "workqueue": "for one Python thread at a time, which is how gradclinic runs",
}


@dataclass(frozen=True)
class Threads:
    """Facts: cores of the machine, cores we may use, threads Numba and BLAS start.

    variable: NUMBA_NUM_THREADS as set by the user, or None.
    """

    machine: int
    usable: int
    numba: int
    blas: tuple[int, ...]
    variable: str | None = None


def thread_facts() -> Threads:
    """Look at cores (affinity and container quota) and at thread settings."""
    import joblib
    from numba.core import config

    return Threads(
        machine=os.cpu_count() or 1,
        usable=joblib.cpu_count(),
        numba=vars(config)["NUMBA_NUM_THREADS"],
        blas=tuple(library["threads"] for library in blas_libraries()),
        variable=os.environ.get("NUMBA_NUM_THREADS"),
    )


def threads(facts: Threads) -> Check:
    """Judge Numba's threads against the usable cores."""
    found = f"Usable cores: {facts.usable}"
    if facts.usable < facts.machine:
        found += f" of {facts.machine} (affinity or a container closes the rest)"
    found += f". Threads: Numba {facts.numba}; BLAS 1 inside kernels"
    if any(count > 1 for count in facts.blas):
        found += f", {max(facts.blas)} elsewhere"
    if facts.numba > facts.usable:
        found += ". Threads without a core of their own wait for each other."
        step = f"export NUMBA_NUM_THREADS={facts.usable}"
        return Check("threads", "warn", found, step)
    if facts.numba < facts.usable:
        found += f". Idle cores: {facts.usable - facts.numba}."
        step = "unset NUMBA_NUM_THREADS" if facts.variable else ""
        return Check("threads", "warn", found, step)
    return Check("threads", "ok", found + ".")


@dataclass(frozen=True)
class Layer:
    """Facts: what was asked of Numba, its order of preference, and what loads."""

    asked: str
    priority: tuple[str, ...]
    loadable: frozenset[str]


def layer_facts() -> Layer:
    """Try to load each threading layer; none is started."""
    from numba.core import config

    return Layer(
        asked=vars(config)["THREADING_LAYER"].lower(),
        priority=tuple(vars(config)["THREADING_LAYER_PRIORITY"]),
        loadable=frozenset(name for name in _POOLS if _loads(_POOLS[name])),
    )


def layer(facts: Layer) -> Check:
    """Say which layer Numba will take, and what that means."""
    name = "threading layer"
    wishes = {"default": facts.priority, **_WISHES}.get(facts.asked, (facts.asked,))
    chosen = next((wish for wish in wishes if wish in facts.loadable), None)
    if chosen is None:
        found = (
            f"NUMBA_THREADING_LAYER={facts.asked} asks for {' or '.join(wishes)}, which"
            " cannot be loaded: parallel kernels will not start."
        )
        return Check(name, "fail", found, "unset NUMBA_THREADING_LAYER")
    others = sorted(facts.loadable - {chosen})
    also = f"; also there: {', '.join(others)}" if others else ""
    return Check(name, "ok", f"{chosen}: {_MEANING[chosen]}{also}.")


def _loads(pool: str) -> bool:
    try:
        import_module(f"numba.np.ufunc.{pool}")
    except ImportError:
        return False
    return True
