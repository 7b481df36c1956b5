"""`gradclinic history`: every system on its tasks, seed by seed, as plain data."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from ....scenarios.data import SOURCES
from ...measurement.machine import machine_facts
from ...progress import Report
from ...statistics.intervals import mean_interval
from ...typed import OUT, typed
from .pictures import PICTURES
from .plots import plots
from .systems import SYSTEMS, System
from .tasks import TASKS, SharedTask
from .training import measured

SCHEMA = 2
QUICK_SEEDS, FEW = 2, 3  # the others: where a system was not published on
QUICK_TASKS = ("xor", "digits")
_STRIDE = 1000  # seeds of a master seed; no more may be asked for


@dataclass(frozen=True)
class HistorySettings:
    """tasks: names of `TASKS`; seeds: of each system on each, None for the tasks' own.

    threads: runs at once.
    """

    tasks: tuple[str, ...] = tuple(TASKS)
    seeds: int | None = None
    master: int = 0
    threads: int = 1
    quick: bool = False

    @property
    def first_seed(self) -> int:
        return self.master * _STRIDE

    def seeds_of(self, system: str, task: str) -> range:
        """The seeds of a system's runs on a task."""
        published = dict(TASKS[task].published)
        usual = FEW if published and system not in published else TASKS[task].seeds
        many = self.seeds or (QUICK_SEEDS if self.quick else usual)
        return range(self.first_seed, self.first_seed + many)


def history(
    settings: HistorySettings, command: str, progress: Report
) -> dict[str, Any]:
    """Train every system on every task chosen; returns the content of the page."""
    began = time.perf_counter()
    pairs = [(s, t) for t in settings.tasks for s in SYSTEMS.values() if t in s.tasks]
    found = dict(_results(pairs, settings, progress))
    shown = [s for s in SYSTEMS.values() if any(name == s.name for name, _ in found)]
    pictures = dict(_pictures([s.name for s in shown], settings, progress))
    systems = [
        _system(system, [found[key] for key in found if key[0] == system.name])
        | {"picture": pictures[system.name]}
        for system in shown
    ]
    return {
        "schema": SCHEMA,
        "kind": "history",
        "command": command,
        "seconds": time.perf_counter() - began,
        "machine": machine_facts(),
        "settings": {
            "quick": settings.quick,
            "seed": settings.master,
        },
        "tasks": [_task(TASKS[name]) for name in settings.tasks],
        "systems": systems,
        "plots": plots(settings.first_seed, found),
    }


def _results(
    pairs: Sequence[tuple[System, str]], settings: HistorySettings, progress: Report
) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """((system, task), result) of each pair, as soon as its seeds are through."""
    with ThreadPoolExecutor(settings.threads) as pool:
        jobs = [
            [
                pool.submit(measured, system, task, seed)
                for seed in settings.seeds_of(system.name, task)
            ]
            for system, task in pairs
        ]
        try:
            for done, ((system, task), runs) in enumerate(
                zip(pairs, jobs, strict=True)
            ):
                title = f"{system.title}: {TASKS[task].title}"
                progress(done, len(pairs), title)
                yield (system.name, task), result(task, [run.result() for run in runs])
        finally:
            pool.shutdown(cancel_futures=True)


def _pictures(
    names: Sequence[str], settings: HistorySettings, progress: Report
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(system, picture) of each, some at a time."""
    with ThreadPoolExecutor(settings.threads) as pool:
        drawn = pool.map(lambda name: PICTURES[name](settings.first_seed), names)
        for done, (name, picture) in enumerate(zip(names, drawn, strict=True)):
            progress(done, len(names), f"Picture of {SYSTEMS[name].title}")
            yield name, picture


def result(task: str, runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the runs of a system on a task came to, with its 95 % interval.

    Without mean and interval where a run has no finite value: none is left out. curve:
    validation losses of the first seed.
    """
    values = np.array([run["value"] for run in runs])
    known = bool(np.isfinite(values).all())
    interval = mean_interval(values, 0.95, _overlap(TASKS[task])) if known else None
    return {
        "task": task,
        "parameters": runs[0]["parameters"],
        "values": [v if isfinite(v) else None for v in values.tolist()],
        "mean": interval.value if interval else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "seconds": float(np.median([run["seconds"] for run in runs])),
        "statuses": [run["status"] for run in runs],
        "curve": runs[0]["curve"],
    }


def _overlap(task: SharedTask) -> float | None:
    """n_test / n_train where seeds split one data set anew, None where they redraw."""
    data = task.data
    return None if SOURCES[data.name].redrawn else data.test / data.rows


def _task(task: SharedTask) -> dict[str, Any]:
    return {
        "name": task.name,
        "title": task.title,
        "summary": task.summary,
        "measure": task.measure,
        "source": task.source,
        "published": dict(task.published),
        "family": task.family,
        "length": task.length,
        "remark": task.remark,
    }


def _system(system: System, results: list[dict[str, Any]]) -> dict[str, Any]:
    about = ("name", "title", "year", "source", "idea", "mended")
    return {key: getattr(system, key) for key in about} | {"results": results}


def command_line(
    settings: HistorySettings, tasks: Sequence[str], out: Path = OUT
) -> str:
    """The command that does the same again; tasks: as they were typed."""
    options = {"quick": settings.quick, "task": tuple(tasks), "seeds": settings.seeds}
    return typed("gradclinic", "history", **options, seed=settings.master, out=out)
