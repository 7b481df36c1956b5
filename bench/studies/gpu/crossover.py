"""From which size on the GPU is faster: where a ratio of times crosses one.

Between two sizes the logarithm of the ratio is a straight line in the logarithm of the
size; the crossing counted is the last upward one, so that the GPU is faster at every
measured size above it.
"""

from collections.abc import Mapping, Sequence
from math import exp, inf, isfinite, log
from typing import Any

import numpy as np

REPEATS, LEVEL, SEED = 2000, 0.95, 0
# Fewer samples of a size, drawn again, repeat themselves: their interval is too narrow.
MIN_DRAWN = 5


def crossover(samples: Mapping[int, tuple[Sequence[float], Sequence[float]]]) -> dict:
    """Where a GPU overtakes, with its interval.

    samples: {size: (CPU's seconds, GPU's seconds)}. Returns answer: `crosses`, at size
    `at`; `always`, from the smallest size on; `never`, not even at the largest; or
    `unknown`, of no size. low, high: the 95 % percentile interval of the bootstrap over
    samples, None where that end lies outside the grid (below its smallest size, above
    its largest). It holds the noise of the samples, not an error of the straight line.
    interval: is there one? Not of fewer than `MIN_DRAWN` samples of a size.
    Source: Efron & Tibshirani (1993), chapter 13.
    """
    known = {
        size: pair for size, pair in sorted(samples.items()) if all(map(len, pair))
    }
    sizes = list(known)
    if not sizes:
        unknown = dict.fromkeys(("at", "low", "high", "sure"))
        return {"answer": "unknown", "interval": False, "sizes": [], **unknown}
    pairs = list(known.values())
    at = crossing(sizes, [log(np.median(cpu) / np.median(gpu)) for cpu, gpu in pairs])
    answer = "always" if at == 0 else "never" if at == inf else "crosses"
    found = {"answer": answer, "at": _inside(at), "sizes": [sizes[0], sizes[-1]]}
    if min(min(map(len, pair)) for pair in pairs) < MIN_DRAWN:
        return {**found, "interval": False, "low": None, "high": None, "sure": None}
    crossed = np.array([crossing(sizes, row) for row in _bootstrap(pairs)])
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(crossed, tails, method="inverted_cdf")
    return {
        **found,
        "interval": True,
        "low": _inside(low),
        "high": _inside(high),
        # An interval on one side of the grid says that the answer is sure.
        "sure": bool(low == high == at) if answer != "crosses" else None,
    }


def crossing(sizes: Sequence[float], logs: Sequence[float]) -> float:
    """Size from which all log ratios are positive: 0 from the smallest on, inf never.

    Raises nothing on ties: a ratio of exactly one is not faster.
    """
    slower = [k for k, value in enumerate(logs) if value <= 0]
    if not slower:
        return 0.0
    k = slower[-1]
    if k == len(sizes) - 1:
        return inf
    share = -logs[k] / (logs[k + 1] - logs[k])
    return exp(log(sizes[k]) + share * (log(sizes[k + 1]) - log(sizes[k])))


def _bootstrap(pairs: Sequence[tuple[Any, Any]]) -> np.ndarray:
    """float64[repeats, sizes]: log ratios of medians of samples drawn again.

    Samples taken in turns are drawn in pairs, so that what disturbed both stays shared.
    """
    rng = np.random.default_rng(SEED)
    columns = []
    for cpu, gpu in (map(np.asarray, pair) for pair in pairs):
        first = rng.integers(len(cpu), size=(REPEATS, len(cpu)))
        second = first
        if len(cpu) != len(gpu):
            second = rng.integers(len(gpu), size=(REPEATS, len(gpu)))
        medians = np.median(cpu[first], axis=1) / np.median(gpu[second], axis=1)
        columns.append(np.log(medians))
    return np.stack(columns, axis=1)


def ratio_band(cpu: Sequence[float], gpu: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the ratio of medians, of samples not taken in turns."""
    rng = np.random.default_rng(SEED)
    drawn = [
        np.median(np.asarray(s)[rng.integers(len(s), size=(REPEATS, len(s)))], axis=1)
        for s in (cpu, gpu)
    ]
    low, high = np.quantile(drawn[0] / drawn[1], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _inside(size: float) -> float | None:
    return float(size) if size > 0 and isfinite(size) else None
