"""`gradclinic profile`: every measure in turn, put together as plain data."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ....kernels.threads import available_threads
from ...measurement.machine import machine_facts, package_version
from ...measurement.noise import HostWatch
from ...measurement.peers import PEERS
from ...progress import Report
from ...typed import OUT, typed
from . import (
    device,
    diagnostics,
    growth,
    optimizers,
    phases,
    roofline,
    scaling,
    start,
    throughput,
    updates,
)
from .cases import CASES
from .ratios import OURS, compare
from .settings import ProfileSettings

SCHEMA = 1
OWN = {
    "roofline": roofline,
    "scaling": scaling,
    "phases": phases,
    "optimizers": optimizers,
    "diagnostics": diagnostics,
    "throughput": throughput,
    "growth": growth,
    "start": start,
}
_MISSING = "not installed; pip install 'gradclinic[peers]' brings it"


@dataclass(frozen=True)
class Imported:
    """A measurement of a GPU that was made elsewhere, and its file as it was named."""

    measurement: dict
    name: str


def profile(
    settings: ProfileSettings,
    with_peers: bool,
    cases: Sequence[str],
    progress: Report,
    imported: Imported | None = None,
    out: Path = OUT,
) -> dict[str, Any]:
    """Measure; returns the content of the page, plain data.

    cases: names of `CASES` to compare peers on, none for all. Our own measures are left
    out where cases are named, and so are updates beside torch's, which need peers: the
    key `updates`, see `updates.measure`, is None then. imported: a measurement of a
    GPU elsewhere, in place of one here; without a GPU `gpu` is None and `gpu_missing`
    says why.
    """
    began, content = time.perf_counter(), {}
    with HostWatch() as watch:
        chosen = [CASES[name] for name in cases or CASES] if with_peers else []
        compared = []
        for done, case in enumerate(chosen):
            progress(done, len(chosen), f"Peers: {case.label}")
            compared.append(compare(case, settings))
        for name, part in OWN.items():
            content[name] = None if cases else part.measure(settings, progress)
        beside = with_peers and not cases
        content["updates"] = updates.measure(settings, progress) if beside else None
        gpu = missing = None
        if imported or not cases:
            measurement = imported.measurement if imported else None
            gpu, missing = device.measure(settings, with_peers, measurement, progress)
        content |= {"gpu": gpu, "gpu_missing": missing}
    shown = {**asdict(settings), "dtype": "float32", "optimizer": "adam"}
    return {
        "schema": SCHEMA,
        "kind": "profile",
        "command": command(settings, with_peers, cases, imported, out),
        "seconds": time.perf_counter() - began,
        "machine": machine_facts(),
        "noise": asdict(watch.noise),
        "settings": shown,
        "peers": peer_facts() if with_peers else [],
        "cases": compared,
        **content,
    }


def command(
    settings: ProfileSettings,
    with_peers: bool,
    cases: Sequence[str],
    imported: Imported | None = None,
    out: Path = OUT,
) -> str:
    """The command that measures the same again."""
    own_threads = settings.threads != available_threads()
    options = {
        "peers": with_peers,
        "quick": settings.quick,
        "case": tuple(cases),
        "import": imported and imported.name,
        "threads": own_threads and settings.threads,
        "seed": settings.seed,
        "out": out,
    }
    return typed("gradclinic", "profile", **options)


def peer_facts() -> list[dict]:
    """Every peer, installed or not."""
    facts = []
    for name, module in PEERS.items():
        if name != OURS:
            peer, there = module.PEER, module.PEER.available
            facts.append(
                {
                    "name": name,
                    "label": peer.label,
                    "family": peer.family,
                    "version": package_version(peer.distribution),
                    "available": there,
                    "reason": None if there else f"{peer.distribution} is {_MISSING}",
                }
            )
    return facts
