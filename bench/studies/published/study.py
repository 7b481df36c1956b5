"""`gradclinic published`: every published result, seed by seed, as plain data."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...measurement.machine import machine_facts
from ...progress import Report
from ...typed import OUT, typed
from . import PUBLISHED
from .reproduction import Reproduction, summary

SCHEMA = 1
_STRIDE = 1000  # seeds of a master seed


@dataclass(frozen=True)
class PublishedSettings:
    """names: of `PUBLISHED`; threads: runs at once."""

    names: tuple[str, ...] = tuple(PUBLISHED)
    master: int = 0
    threads: int = 1
    quick: bool = False

    def seeds_of(self, result: Reproduction) -> range:
        first = self.master * _STRIDE
        return range(first, first + (result.quick if self.quick else result.seeds))


def published(
    settings: PublishedSettings, command: str, progress: Report
) -> dict[str, Any]:
    """Measure every result that was chosen; returns the content of the page."""
    began = time.perf_counter()
    chosen = [PUBLISHED[name] for name in settings.names]
    jobs = [(result, seed) for result in chosen for seed in settings.seeds_of(result)]
    values: dict[str, list[dict[str, float]]] = {name: [] for name in settings.names}
    with ThreadPoolExecutor(settings.threads) as pool:
        measured = pool.map(lambda job: job[0].measure(job[1]), jobs)
        try:
            for done, ((result, _), found) in enumerate(
                zip(jobs, measured, strict=True)
            ):
                progress(done, len(jobs), result.title)
                values[result.name].append(found)
        finally:
            pool.shutdown(cancel_futures=True)
    return {
        "schema": SCHEMA,
        "kind": "published",
        "command": command,
        "seconds": time.perf_counter() - began,
        "machine": machine_facts(),
        "settings": {"quick": settings.quick, "seed": settings.master},
        "results": [outcome(result, values[result.name]) for result in chosen],
    }


def outcome(result: Reproduction, found: Sequence[dict[str, float]]) -> dict[str, Any]:
    """What a result came to; found: the values of each seed."""
    columns = {name: np.array([row[name] for row in found]) for name in found[0]}
    about = ("name", "title", "setup", "source", "remark")
    return {
        **{key: getattr(result, key) for key in about},
        "seeds": len(found),
        "figures": [summary(each, columns[each.name]) for each in result.figures],
        "plot": result.plot(columns) if result.plot else None,
    }


def command_line(
    settings: PublishedSettings, names: Sequence[str], out: Path = OUT
) -> str:
    """The command that does the same again; names: as they were typed."""
    options = {"quick": settings.quick, "result": tuple(names)}
    return typed("gradclinic", "published", **options, seed=settings.master, out=out)
