"""Lower precision: the same step in numbers of 8, 4 and 2 bytes, at two sizes."""

import numpy as np

from ...statistics.intervals import mean_interval
from ..evidence import column

# Rows of the table: (role, name) of float64, float32, and float32 with float16 stored.
_SIZES = {
    "32 rows, 32 units": (
        ("sweep", "small_float64"),
        ("fix", "numba"),
        ("fix", "numba_float16"),
    ),
    "512 rows, 512 units": (
        ("sweep", "large_float64"),
        ("sweep", "large_float32"),
        ("sweep", "large_float16"),
    ),
}
_NUMBERS = ("float64", "float32", "float32, activations kept in float16")


def exhibit(evidence):
    """A table of the time of a step by the precision of its numbers."""
    if not evidence.of("sweep", "small_float64"):
        return [], []
    rows = [
        _row(evidence, size, number, condition, conditions[0])
        for size, conditions in _SIZES.items()
        for number, condition in zip(_NUMBERS, conditions, strict=True)
        if evidence.of(*condition)
    ]
    return [
        {
            "title": "Lower precision: the time of a step by its numbers",
            "sentence": "On one thread. A register holds twice as many numbers of half"
            " the size. float16 is only a place to wait here: what is computed is"
            " float32, and each way costs a conversion. The interval is a 95 % one of"
            " the ratio to float64, paired by seeds.",
            "columns": ["Step", "Numbers", "Microseconds", "Times float64", "Interval"],
            "rows": rows,
        }
    ], []


def _row(evidence, size, number, condition, reference):
    runs, before = evidence.of(*condition), evidence.of(*reference)
    seeds = sorted({*runs} & {*before})
    seconds = column(runs, seeds, "seconds_per_step")
    ratio = np.log(seconds / column(before, seeds, "seconds_per_step"))
    shown = [size, number, round(1e6 * float(np.median(seconds)), 1)]
    if condition == reference:
        return [*shown, 1, None]
    middle, low, high = (float(np.exp(end)) for end in mean_interval(ratio))
    return [*shown, float(f"{middle:.3g}"), f"{low:.3g} to {high:.3g}"]
