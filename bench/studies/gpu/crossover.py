"""From which width on the GPU is faster: a line over batch sizes, with its interval.

Between two widths the logarithm of CPU time by GPU time is taken to be linear in the
logarithm of the width. The interval is the percentile bootstrap over the samples of
each time: Efron & Tibshirani (1993), section 13.3.
"""

from typing import Any

import numpy as np

RESAMPLES, LEVEL = 1000, 0.95
# Where there is no crossing among the widths that were measured.
ALWAYS, NEVER = 0.0, np.inf


def crossing(widths, ratios) -> float:
    """The width from which on the ratio stays above 1.

    widths: float[m], rising; ratios: float[m], CPU time by GPU time. `ALWAYS` where all
    are above 1, `NEVER` where the last is not.
    """
    logs = np.log(ratios)
    if logs[-1] <= 0:
        return NEVER
    below = np.flatnonzero(logs <= 0)
    if below.size == 0:
        return ALWAYS
    k = int(below[-1])
    share = -logs[k] / (logs[k + 1] - logs[k])
    low, high = np.log(widths[k]), np.log(widths[k + 1])
    return float(np.exp(low + share * (high - low)))


def crossovers(grid: list[dict], cpu: str, gpu: str, seed: int = 0) -> list[dict]:
    """{batch, widths, width, low, high} of each batch that has both rows.

    grid: of a measurement; cpu, gpu: names of rows in its `seconds`. width, low and
    high: None for `NEVER`, 0 for `ALWAYS`.
    """
    rng, found = np.random.default_rng(seed), []
    for batch in sorted({entry["batch"] for entry in grid}):
        rows = [
            (entry["width"], entry["seconds"][cpu], entry["seconds"][gpu])
            for entry in sorted(grid, key=lambda entry: entry["width"])
            if entry["batch"] == batch
            and entry["seconds"].get(cpu) and entry["seconds"].get(gpu)
        ]  # fmt: skip
        if rows:
            found.append({"batch": batch, **_of_batch(rows, rng)})
    return found


def _of_batch(rows, rng) -> dict[str, Any]:
    widths = np.array([row[0] for row in rows], dtype=float)
    whole = np.array([np.median(cpu) / np.median(gpu) for _, cpu, gpu in rows])
    ratios = [_resampled(cpu, rng) / _resampled(gpu, rng) for _, cpu, gpu in rows]
    drawn = np.sort([crossing(widths, each) for each in np.transpose(ratios)])
    # Whole places of the sorted crossings, since some may be infinite.
    first = int((1 - LEVEL) / 2 * RESAMPLES)
    low, high = drawn[first], drawn[-1 - first]
    return {
        "widths": [int(width) for width in widths],
        "width": _plain(crossing(widths, whole)),
        "low": _plain(low), "high": _plain(high),
    }  # fmt: skip


def _resampled(samples, rng):
    """float[RESAMPLES]: medians of samples drawn with replacement."""
    samples = np.asarray(samples, dtype=float)
    return np.median(rng.choice(samples, (RESAMPLES, samples.size)), axis=1)


def _plain(width: float) -> float | None:
    return None if np.isinf(width) else float(width)
