"""Is the host quiet enough for its timings to mean something?

Three signs: cycles a hypervisor took away, other work at the start, and a fixed piece
of work that takes longer or shorter at the end than at the start.
"""

import os
import time
from dataclasses import dataclass
from functools import cache

import numpy as np

STEAL, DRIFT = 0.01, 0.05  # shares above which a host is called noisy
_SAMPLES, _SAMPLE_SECONDS = 7, 0.02
_WAITING = 0.3  # seconds in which we do nothing, and see what others do


@dataclass(frozen=True)
class Noise:
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


class HostWatch:
    """Look at the host when the with block starts and ends, then read `noise`.

    Start it while no other thread or process of our own works, which would count as
    others' work; what has ended does not count. It costs 0.5 s at either end.
    """

    noise = Noise(False, ())

    def __enter__(self) -> "HostWatch":
        self._start = look()
        return self

    def __exit__(self, *_: object) -> None:
        self.noise = judge(self._start, look(), os.cpu_count() or 1)


def look() -> Sample:
    """Return a `Sample` of now."""
    others = _busy_cores()
    stolen, total, _ = _ticks()
    return Sample(stolen, total, others, sentinel_seconds())


def judge(start: Sample, end: Sample, cores: int) -> Noise:
    """Compare two looks: steal > 1 %, drift > 5 %, half the cores busy at the start."""
    reasons = []
    if start.total is not None and end.total is not None and end.total > start.total:
        steal = ((end.stolen or 0) - (start.stolen or 0)) / (end.total - start.total)
        if steal > STEAL:
            reasons.append(
                f"Other virtual machines took {100 * steal:.1f} % of the time."
            )
    if start.others is not None and start.others > cores / 2:
        reasons.append(
            f"Other work kept {start.others:.1f} of {cores} cores busy at the start."
        )
    drift = end.sentinel / start.sentinel - 1
    if abs(drift) > DRIFT:
        pace = "longer" if drift > 0 else "less time"
        percent = f"{100 * abs(drift):.0f} %"
        reasons.append(f"The same work took {percent} {pace} at the end.")
    return Noise(bool(reasons), tuple(reasons))


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
