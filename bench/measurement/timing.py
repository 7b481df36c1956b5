"""Seconds a call, fairly compared: calibrated, warmed up, interleaved, judged.

Time in several fresh processes and join the samples: code loaded from a cache and code
compiled in this process can differ.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

SAMPLE_SECONDS = 0.02  # shorter samples measure the clock and the scheduler
P_LIMIT, MARGIN = 0.002, 0.03
# Two-sided, n samples can reach p = 2 / 2^n at best: fewer can never be significant.
MIN_SAMPLES = 10

Function = Callable[[], Any]


@dataclass(frozen=True)
class Summary:
    """Median and quartiles of samples, in seconds a call."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Ratio:
    """How many times longer the reference takes than the candidate.

    speedup: Hodges-Lehmann estimate, > 1 where the candidate is faster; low, high: its
    confidence interval; p: two-sided. verdict: `faster`, `slower` or `no difference
    shown` (which is not the same as equal).
    """

    speedup: float
    low: float
    high: float
    p: float
    verdict: str


def interleaved(functions: Mapping[str, Function], samples: int = 21) -> dict:
    """Return name -> float64[samples] seconds a call, measured A B A B ...

    Each function is called once first, which compiles it, then calibrated so that a
    sample lasts at least 20 ms.
    """
    loops = {name: calibrated(function) for name, function in functions.items()}
    seconds = {name: np.empty(samples) for name in functions}
    for i in range(samples):
        for name, function in functions.items():
            seconds[name][i] = timed(function, loops[name]) / loops[name]
    return seconds


def calibrated(function: Function, seconds: float = SAMPLE_SECONDS) -> int:
    """Return the calls that take at least `seconds` together, after one to warm up."""
    function()
    loops = 1
    while (elapsed := timed(function, loops)) < seconds:
        # Aim above the mark, at most tenfold: the first calls are the slowest.
        loops = max(loops + 1, int(loops * min(10, 1.2 * seconds / max(elapsed, 1e-9))))
    return loops


def timed(function: Function, loops: int) -> float:
    """Return the seconds of `loops` calls together."""
    start = time.perf_counter()
    for _ in range(loops):
        function()
    return time.perf_counter() - start


def summary(samples: np.ndarray) -> Summary:
    """Return median and quartiles of samples in seconds."""
    low, median, high = np.quantile(samples, [0.25, 0.5, 0.75])
    return Summary(float(median), float(low), float(high))


def ratio_interval(
    reference: np.ndarray, candidate: np.ndarray, level: float = 0.95
) -> Ratio:
    """Judge interleaved samples of two functions, float[n] seconds each, paired.

    The log ratios are tested by Wilcoxon's signed ranks; estimate and interval are the
    Hodges-Lehmann median of their pairwise means and the matching order statistics.
    "Faster" and "slower" need p < 0.002 and more than 3 %. Raises ValueError on
    lengths that differ or are below 10, and on times that are not positive.
    Source: Hodges & Lehmann (1963); Hollander, Wolfe & Chicken (2014), section 3.3.
    """
    from scipy.stats import norm, wilcoxon

    d = _log_ratios(reference, candidate)
    n = d.size
    i, j = np.triu_indices(n)
    means = np.sort((d[i] + d[j]) / 2)
    spread = np.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    first = int(means.size / 2 - norm.ppf((1 + level) / 2) * spread)
    first = min(max(first, 0), means.size // 2)
    low, high = means[first], means[-1 - first]
    test: Any = wilcoxon(d) if d.any() else None  # equal times: nothing to rank
    p = 1.0 if test is None else float(test.pvalue)
    speedup, low, high = (float(np.exp(v)) for v in (np.median(means), low, high))
    return Ratio(speedup, low, high, p, _verdict(speedup, p))


def times(samples: Sequence[float] | None) -> dict | None:
    """Median and quartiles in seconds, and how many; None of no samples."""
    if not samples:
        return None
    found = summary(np.asarray(samples, dtype=float))
    return {
        "seconds": found.median,
        "low": found.low,
        "high": found.high,
        "samples": len(samples),
    }


def compared(reference: Sequence[float], candidate: Sequence[float]) -> dict | None:
    """How many times as fast the candidate is; None where either has no samples.

    A verdict needs `MIN_SAMPLES` pairs taken in turns; of fewer there is only the
    ratio of medians, and its verdict is None.
    """
    if not reference or not candidate:
        return None
    if len(reference) != len(candidate) or len(candidate) < MIN_SAMPLES:
        ratio = float(np.median(reference) / np.median(candidate))
        return {"ratio": ratio, "low": None, "high": None, "p": None, "verdict": None}
    found = ratio_interval(np.asarray(reference), np.asarray(candidate))
    return {
        "ratio": found.speedup,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "verdict": found.verdict,
    }


def _log_ratios(reference: np.ndarray, candidate: np.ndarray) -> np.ndarray:
    reference, candidate = np.asarray(reference), np.asarray(candidate)
    if reference.shape != candidate.shape or reference.ndim != 1:
        raise ValueError(
            "reference and candidate must be paired samples of one length, not"
            f" of shapes {reference.shape} and {candidate.shape}"
        )
    if reference.size < MIN_SAMPLES:
        raise ValueError(
            f"at least {MIN_SAMPLES} samples are needed, not {reference.size}:"
            f" fewer cannot reach p < {P_LIMIT}"
        )
    if not (np.all(reference > 0) and np.all(candidate > 0)):
        raise ValueError("times must be positive seconds")
    return np.log(reference) - np.log(candidate)


def _verdict(speedup: float, p: float) -> str:
    if p < P_LIMIT and speedup > 1 + MARGIN:
        return "faster"
    if p < P_LIMIT and 1 / speedup > 1 + MARGIN:
        return "slower"
    return "no difference shown"
