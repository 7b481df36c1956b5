"""What measuring every step from inside adds to it."""

import numpy as np

from ...measurement.timing import ratio_interval
from .cases import CASES
from .settings import ProfileSettings
from .training import stepper

NAMES = ("64-64-10", "30-256-256-2", "784-512-512-10")


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `diagnostics` of a profile: with and without, in turns."""
    rows = []
    for done, name in enumerate(NAMES):
        progress(done, len(NAMES), f"Diagnostics: {name}")
        calls = {
            key: stepper(
                CASES[name], settings.seed, settings.threads, diagnostics=key == "with"
            )
            for key in ("plain", "with")
        }
        samples = {key: [] for key in calls}
        for _ in range(max(10, settings.samples)):
            for key, call in calls.items():
                samples[key].append(call())
        times = {key: np.array(values) for key, values in samples.items()}
        ratio = ratio_interval(times["with"], times["plain"])
        rows.append(
            {
                "case": name,
                **{key: float(np.median(t)) for key, t in times.items()},
                "ratio": ratio.speedup,
                "low": ratio.low,
                "high": ratio.high,
            }
        )
    return rows
