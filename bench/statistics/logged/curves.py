"""The curves of one training, and the parts of them that rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

LEAST = 5  # evaluations of a loss below which nothing is judged
BLOCKS = 500  # a longer curve is averaged over so many blocks
_SMOOTH = 5  # evaluations that the lowest value of a curve is a mean of, at most
_LATE = 0.1  # the last share of a curve that counts as its end
# A loss this share of the first ones is as good as zero: what it does then is of no
# account. Rules look at log(loss / scale + FLOOR).
FLOOR = 0.05


@dataclass(frozen=True)
class LoggedSeries:
    """x: float[n], epochs or steps, rising; y: float[n], not finite where so logged."""

    x: np.ndarray
    y: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    @property
    def finite(self) -> "LoggedSeries":
        """The finite values alone."""
        known = np.isfinite(self.y)
        return LoggedSeries(self.x[known], self.y[known])

    def late(self) -> np.ndarray:
        """The values at the end: a tenth, or `LEAST`, or half where there are few."""
        count = max(round(_LATE * len(self)), min(LEAST, max(2, len(self) // 2)))
        return self.y[len(self) - count :]


@dataclass(frozen=True)
class LoggedCurves:
    """The series of a training by name, and what their x counts.

    series: "train_loss", "val_loss", "train_accuracy", "val_accuracy" (shares of 1),
    "gradient_norm", "learning_rate"; any may be missing. unit: "epoch" or "step".
    """

    series: Mapping[str, LoggedSeries] = field(default_factory=dict)
    unit: str = "epoch"

    def of(self, name: str) -> LoggedSeries | None:
        """A series with at least one value, or None."""
        found = self.series.get(name)
        return found if found is not None and len(found) else None

    def losses(self) -> tuple[LoggedSeries, LoggedSeries] | None:
        """(training, validation) loss, finite, at the places of the validation loss.

        None where one of them has fewer than `LEAST` finite values.
        """
        train, val = self.of("train_loss"), self.of("val_loss")
        if train is None or val is None:
            return None
        train, val = train.finite, val.finite
        if min(len(train), len(val)) < LEAST:
            return None
        return at_places(train, val.x), val

    @property
    def first_loss(self) -> float:
        """The first finite training loss, else validation loss; NaN without any."""
        return next(iter(self._first_losses()), float("nan"))

    @property
    def scale(self) -> float:
        """What a loss is large or small beside: the lower of the two first losses.

        The mean training loss of a first epoch may hold a few huge steps.
        """
        return min(self._first_losses(), default=float("nan"))

    def _first_losses(self) -> list[float]:
        found = [self.of(name) for name in ("train_loss", "val_loss")]
        finite = [series.finite for series in found if series is not None]
        return [float(series.y[0]) for series in finite if len(series)]


def gathered(x: np.ndarray, y: np.ndarray) -> LoggedSeries:
    """A series in at most `BLOCKS` blocks of evaluations, each the mean of its values.

    A block with a value that is not finite is not finite.
    """
    if len(x) <= BLOCKS:
        return LoggedSeries(x, y)
    starts = np.unique(np.linspace(0, len(x), BLOCKS, endpoint=False).astype(int))
    sizes = np.diff(np.append(starts, len(x)))
    with np.errstate(all="ignore"):
        means = np.add.reduceat(y, starts) / sizes
    # The place of a block is its last: a loss is known when the block is over.
    return LoggedSeries(x[starts + sizes - 1], means)


def at_places(series: LoggedSeries, places: np.ndarray) -> LoggedSeries:
    """A finite series at other places: the mean since the place before.

    Where nothing was logged in between, the value on the line between its neighbours.
    """
    sums = np.concatenate([[0.0], np.cumsum(series.y)])
    ends = np.searchsorted(series.x, places, side="right")
    starts = np.concatenate([[0], ends[:-1]])
    counts = ends - starts
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (sums[ends] - sums[starts]) / counts
    line = np.interp(places, series.x, series.y)
    return LoggedSeries(places, np.where(counts > 0, means, line))


def on_scale(y: np.ndarray, scale: float) -> np.ndarray:
    """log(y / scale + FLOOR): a loss on a scale that ends where it no longer matters.

    A loss that may be below zero, as a negative log density, has none: NaN.
    """
    if not scale > 0:
        return np.full(len(y), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.log(np.where(y >= 0, y, np.nan) / scale + FLOOR)


def lowest_of(y: np.ndarray) -> float:
    """The lowest value of a running mean of float[n], n > 0.

    The lowest of many noisy values themselves is low by chance.
    """
    width = max(1, min(_SMOOTH, len(y) // 10))
    return float(np.convolve(y, np.ones(width) / width, mode="valid").min())
