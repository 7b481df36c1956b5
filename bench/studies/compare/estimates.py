"""Two stored effects of one fix, as estimates of which a difference can be told."""

from dataclasses import dataclass
from math import exp, inf, isfinite, isnan, log, sqrt

import numpy as np

from ...statistics.changes import (
    Estimate,
    EstimateDifference,
    MeanEstimate,
    MedianEstimate,
)
from ...statistics.intervals import t_quantile

PAIRED, INDEPENDENT = "paired", "independent"
# Share of a variance below which rounding made it.
_ROUNDED = 1e-6


@dataclass(frozen=True)
class StoredEffect:
    """An effect of one run on the scale of the gains, where positive is better.

    gains: {seed: gain}, empty where the seeds were not stored; infinite where a run
    missed. value, error: of the mean, None beside a median. overlap: n_test / n_train
    of splits of one data set, 0 for independent draws (Nadeau & Bengio, 2003); it is
    found from the interval that was stored.
    """

    gains: dict[int, float]
    censored: bool
    n: int
    value: float | None
    error: float | None
    overlap: float

    @property
    def estimate(self) -> MeanEstimate | MedianEstimate | None:
        """What it alone tells; None where that is not enough."""
        if self.censored:
            known = len(self.gains) == self.n > 1
            return MedianEstimate((*self.gains.values(),)) if known else None
        if self.value is None or self.error is None or self.n < 2:
            return None
        return MeanEstimate(self.value, self.error, self.n - 1)


def stored_effect(fix: dict, metric: dict) -> StoredEffect | None:
    """The effect of an entry of `fixes`; None where it was not measurable."""
    found = fix["effect"]
    if found is None:
        return None
    gains = _gains(found, metric)
    n, value = fix["n"], fix.get("gain")
    finite = all(isfinite(gain) for gain in gains.values())
    censored = found["kind"] == "censored" or not finite
    error, overlap = None, 0.0
    if not censored and None not in (fix["low"], fix["high"], fix["level"]) and n > 1:
        half = (fix["high"] - fix["low"]) / 2
        error = half / t_quantile(fix["level"], n - 1)
        overlap = _overlap(error, gains)
    return StoredEffect(gains, censored, n, value, error, overlap)


def _overlap(error, gains):
    """q of error = s sqrt(1/n + q); 0 where the seeds are not known."""
    if len(gains) < 2:
        return 0.0
    variance = float(np.var([*gains.values()], ddof=1))
    if variance <= 0:
        return 0.0
    found = error * error / variance - 1 / len(gains)
    return found if found > _ROUNDED else 0.0


def _gains(found, metric):
    """{seed: gain} from [seed, ratio or difference] pairs; {} where one is not told.

    The inverse of `effect.changed`. A difference that is null is infinite, and its
    sign is known only where runs of one side alone missed.
    """
    gains = {}
    for seed, shown in found.get("pairs") or ():
        gain = _gain(shown, found, metric)
        if isnan(gain):
            return {}
        gains[int(seed)] = gain
    return gains


def _gain(shown, found, metric):
    sign = -1.0 if metric["better"] == "lower" else 1.0
    if metric["scale"] == "log":
        if shown is None:
            return sign * inf
        return sign * (log(shown) if shown > 0 else -inf)
    if shown is not None:
        return sign * shown
    if not found["missed_baseline"]:
        return -inf
    return inf if not found["missed"] else float("nan")


def change_of(
    before: StoredEffect | None, after: StoredEffect | None
) -> tuple[Estimate | None, str, int]:
    """(estimate of after - before, how the seeds were taken, how many).

    Where the two share seeds, data, split and start of a seed are the same in both:
    the differences on these seeds are one sample, and the other seeds are left out.
    Without a shared seed the two are independent. None where seeds are not known.
    """
    if before is None or after is None:
        return None, INDEPENDENT, 0
    shared = [seed for seed in before.gains if seed in after.gains]
    if len(shared) > 1:
        return _paired(before, after, shared), PAIRED, len(shared)
    n = min(before.n, after.n)
    one, other = before.estimate, after.estimate
    if shared or one is None or other is None:
        return None, INDEPENDENT, n
    return EstimateDifference(one, other), INDEPENDENT, n


def _paired(before, after, shared):
    differences = [_apart(before.gains[s], after.gains[s]) for s in shared]
    infinite = not all(isfinite(d) for d in differences)
    if before.censored or after.censored or infinite:
        return MedianEstimate((*differences,))
    values = np.array(differences)
    share = 1 / len(values) + max(before.overlap, after.overlap)
    error = float(np.std(values, ddof=1)) * sqrt(share)
    return MeanEstimate(float(values.mean()), error, len(values) - 1)


def _apart(before, after):
    """after - before; 0 of two infinities alike, of which none is known to be more."""
    return 0.0 if before == after else after - before


def shown_change(gain: float, metric: dict) -> float | None:
    """A change of gains as one of the metric: a ratio of ratios, or a difference.

    Positive gains are better, so it is turned round where lower is. None: infinite.
    """
    turned = -gain if metric["better"] == "lower" else gain
    if metric["scale"] != "log":
        return turned if isfinite(turned) else None
    if isnan(turned) or turned == inf:
        return None
    return exp(min(turned, 700.0))
