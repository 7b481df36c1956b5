"""How much faster a step is on all threads than on one."""

import numpy as np

from ...measurement.timing import ratio_interval
from .cases import CASES
from .settings import ProfileSettings
from .training import stepper

NAMES = ("30-256-256-2", "784-512-512-10", "784-2048-2048-10", "128 x 64-64-10")


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `scaling` of a profile: one thread and all, in turns."""
    rows = []
    for done, name in enumerate(NAMES):
        progress(done, len(NAMES), f"Thread scaling: {name}")
        counts = sorted({1, settings.threads})
        calls = {n: stepper(CASES[name], settings.seed, n) for n in counts}
        samples = {n: [] for n in counts}
        for _ in range(max(10, settings.samples)):
            for n, call in calls.items():
                samples[n].append(call())
        for n in counts:
            ratio = ratio_interval(np.array(samples[1]), np.array(samples[n]))
            rows.append(
                {
                    "case": name,
                    "threads": n,
                    "seconds": float(np.median(samples[n])),
                    "speedup": ratio.speedup,
                    "low": ratio.low,
                    "high": ratio.high,
                }
            )
    return rows
