"""Is the host quiet enough for its timings to mean something?

Three signs: cycles a hypervisor took away, other work at the start, and a fixed piece
of work that takes longer or shorter at the end than at the start.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

STEAL, DRIFT = 0.01, 0.05  # shares above which a host is called noisy
_SAMPLES, _SAMPLE_SECONDS = 7, 0.02
_WAITING = 0.3  # seconds in which we do nothing, and see what others do


@dataclass(frozen=True)
class HostNoise:
    """What the signs say; reasons: a sentence for each sign that is above its limit."""

    noisy: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """One look at the host.

    stolen, total: processor ticks since boot, None without /proc/stat. others: cores
    that others keep busy, None where the system does not tell. sentinel: seconds of the
    fixed work.
    """

    stolen: int | None
    total: int | None
    others: float | None
    sentinel: float


@dataclass(frozen=True)
class Signs:
    """The three signs as numbers, which can be stored and judged later.

    steal: share of the time that other virtual machines took. others: of `cores`, how
    many other work kept busy at the start. drift: the sentinel's seconds at the end
    over those at the start, minus 1. None where the system does not tell.
    """

    steal: float | None
    others: float | None
    cores: int
    drift: float

    def noise(self) -> HostNoise:
        """Steal > 1 %, more than half of the cores busy at the start, drift > 5 %."""
        reasons = []
        if self.steal is not None and self.steal > STEAL:
            reasons.append(
                f"Other virtual machines took {100 * self.steal:.1f} % of the time."
            )
        if self.others is not None and self.others > self.cores / 2:
            reasons.append(
                f"Other work kept {self.others:.1f} of {self.cores} cores busy at the "
                "start."
            )
        if abs(self.drift) > DRIFT:
            pace = "longer" if self.drift > 0 else "less time"
            percent = f"{100 * abs(self.drift):.0f} %"
            reasons.append(f"The same work took {percent} {pace} at the end.")
        return HostNoise(bool(reasons), tuple(reasons))

    @property
    def factor(self) -> float | None:
        """What a ratio of two times may be wrong by, on either side; 1 where quiet.

        Time that was stolen, and the drift, may all fall on one of the two. None where
        no sign tells: of what other work on the same cores costs.
        """
        if not self.noise().noisy:
            return 1.0
        steal = self.steal or 0.0
        if (self.others or 0.0) > self.cores / 2 or steal >= 1 or self.drift <= -1:
            return None
        return max(1 + self.drift, 1 / (1 + self.drift)) / (1 - steal)


class HostWatch:
    """Look at the host when the with block starts and ends, then read `noise`.

    Start it while no other thread or process of our own works, which would count as
    others' work; what has ended does not count. It costs 0.5 s at either end.
    """

    noise = HostNoise(False, ())

    def __enter__(self) -> "HostWatch":
        self._start = look()
        return self

    def __exit__(self, *_: object) -> None:
        self.noise = judge(self._start, look(), os.cpu_count() or 1)


class Laps:
    """Signs of one piece of work after the other: the end of one starts the next.

    Like a `HostWatch` it begins while nothing of our own works, at 0.5 s a look.
    """

    def __init__(self) -> None:
        self._last = look()

    def signs(self) -> Signs:
        """Return the signs since the last look."""
        before, self._last = self._last, look()
        return signs(before, self._last, os.cpu_count() or 1)


def look() -> Sample:
    """Return a `Sample` of now."""
    others = _busy_cores()
    stolen, total, _ = _ticks()
    return Sample(stolen, total, others, sentinel_seconds())


def judge(start: Sample, end: Sample, cores: int) -> HostNoise:
    """Compare two looks: are any of their `signs` above its limit?"""
    return signs(start, end, cores).noise()


def signs(start: Sample, end: Sample, cores: int) -> Signs:
    """Return what two looks tell together."""
    steal = None
    if start.total is not None and end.total is not None and end.total > start.total:
        steal = ((end.stolen or 0) - (start.stolen or 0)) / (end.total - start.total)
    return Signs(steal, start.others, cores, end.sentinel / start.sentinel - 1)


def worst(found: Iterable[Signs]) -> Signs | None:
    """Return the largest of each sign; None of nothing."""
    found = list(found)
    if not found:
        return None
    busiest = max(found, key=lambda each: (each.others or 0.0) / each.cores)
    return Signs(
        max((each.steal for each in found if each.steal is not None), default=None),
        *(busiest.others, busiest.cores),
        max((each.drift for each in found), key=abs),
    )


def sentinel_seconds() -> float:
    """Return the median seconds of a fixed computation on one core, in cache."""
    loops = 256
    _timed(loops)  # warm-up
    loops = max(1, round(loops * _SAMPLE_SECONDS / _timed(loops)))
    return float(np.median([_timed(loops) for _ in range(_SAMPLES)])) / loops


@cache
def _arrays() -> tuple[np.ndarray, np.ndarray]:
    # The same arrays each time: a new place in memory alone can change the speed.
    x = np.linspace(-1.0, 1.0, 2048)
    return x, np.empty_like(x)


def _timed(loops: int) -> float:
    x, y = _arrays()
    start = time.perf_counter()
    for _ in range(loops):
        np.exp(x, out=y)
    return time.perf_counter() - start


def _busy_cores() -> float | None:
    """Return how many cores work while we wait.

    Not the load average: for a minute that also counts work of our own that has ended,
    such as compiling. It stands in where there is no /proc/stat.
    """
    _, before, idle_before = _ticks()
    if before is None:
        return os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    time.sleep(_WAITING)
    _, after, idle_after = _ticks()
    idle = (idle_after - idle_before) / max(1, after - before)
    return max(0.0, 1.0 - idle) * (os.cpu_count() or 1)


def _ticks() -> tuple:
    """Return (stolen, total, idle) processor ticks since boot. Source: proc_stat(5)."""
    try:
        with open("/proc/stat", encoding="utf-8") as stat:
            fields = [int(field) for field in stat.readline().split()[1:]]
    except OSError:
        return None, None, None
    # Guest time (the last two) is counted in user time already.
    return fields[7], sum(fields[:8]), fields[3] + fields[4]
