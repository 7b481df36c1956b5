"""The learning-rate range test: one short training while the rate rises."""

from dataclasses import dataclass

import numpy as np

from .bounds import Bounds
from .job import BATCH_SIZE
from .minimisation import chosen_minimiser
from .network import check_network
from .optimizer import Optimizer
from .optimizers import OPTIMIZERS
from .reading import as_numbers
from .trainer import train
from .validation import (
    check_choice,
    check_count,
    check_floats,
    check_number,
    check_seed,
)

LEAST_STEPS = 10
# Steps on each side that the smoothed loss is the mean of, as a share of all.
WINDOW = 0.05
# A loss so many times the lowest has diverged: fastai's bound (Howard & Gugger 2020).
BOUND = 4.0
# Rates whose ratio, to the power of all steps of whole epochs, fits into a float64.
RATES = Bounds(1e-30, 1e30)
# Options of a training that a range test sets itself.
OWN = (
    "lr",
    "epochs",
    "schedule",
    "schedule_options",
    "warmup",
    "patience",
    "validation",
    "diagnostics",
)


@dataclass(frozen=True)
class RangeTest:
    """Losses of a training whose rate rises in equal ratios from step to step.

    rates, losses, smoothed: float64[steps taken]; a loss is that of the step's batch,
    before its update, and infinite in the last where the training broke off; smoothed
    is their running mean. suggested: the rate where the smoothed loss falls fastest
    against the logarithm of the rate; NaN if it never falls. lowest: the rate of the
    lowest smoothed loss. diverges: the first rate behind it whose loss, and the median
    of those that follow, is above 4 times the lowest; infinite if there is none.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggested: float
    lowest: float
    diverges: float


def lr_range_test(
    net,
    params,
    x,
    y,
    optimizer="adam",
    low=1e-6,
    high=10.0,
    steps=100,
    batch_size: int | str | None = "auto",
    seed=0,
    threads=None,
    **options,
):
    """Raise the rate from `low` to `high` in so many steps. Returns a `RangeTest`.

    params: float[n_values], left as they are; low, high: from 1e-30 to 1e30; steps: at
    least 10. x, y, batch_size and options as in `train`, but no
    schedule, warm-up, patience or validation. Rows are drawn without replacement where
    there are more than the steps take; else they are passed again and again. The same
    seed gives the same result, for any number of threads. Ends early where the loss is
    not finite. ValueError or TypeError as of `train`, on a minimiser, which has no
    rate, and on low >= high. Source: Smith (2017), section 3.3, with equal ratios
    instead of equal differences between the rates, since good rates differ by orders of
    magnitude.
    """
    check_network(net)
    check_floats("params", params, (net.n_values,))
    full_batch = _full_batch(optimizer, options)
    low, high = (check_number(n, v, RATES) for n, v in (("low", low), ("high", high)))
    if high <= low:
        raise ValueError(f"high must be above low, {low:g}, got {high:g}")
    steps = check_count("steps", steps, LEAST_STEPS)
    rows, per_epoch = BATCH_SIZE if batch_size == "auto" else batch_size, 1
    if rows is not None and not full_batch:
        rows = check_count("batch_size", rows)
        x, y = _drawn(x, y, rows * steps, seed)
        per_epoch = max(1, -(-x.shape[0] // rows)) if x.ndim else 1
    epochs = -(-steps // per_epoch)
    ratio = (high / low) ** (1.0 / (steps - 1))
    history = train(
        net,
        params.copy(),
        x,
        y,
        optimizer,
        low,
        rows,
        epochs,
        seed,
        threads=threads,
        diagnostics=True,
        schedule="exponential",
        schedule_options={"final": ratio ** (epochs * per_epoch)},
        **options,
    )
    seen = history.diagnostics
    assert seen is not None
    return summary(low * ratio ** np.arange(steps), seen.loss[:steps])


def _full_batch(optimizer, options):
    """Is the optimizer defined on all rows? Errors on what a range test cannot take."""
    if minimiser := chosen_minimiser(optimizer):
        raise ValueError(
            f"{minimiser.name!r} chooses its own step lengths; a range test needs an"
            " optimizer with a learning rate"
        )
    for name in OWN:
        if name in options:
            raise ValueError(f"a range test sets the rates itself; leave out {name}")
    if not isinstance(optimizer, Optimizer):
        optimizer = OPTIMIZERS[check_choice("optimizer", optimizer, OPTIMIZERS)]
    return optimizer.full_batch


def _drawn(x, y, count, seed):
    """`count` rows at random, in order, or all of them if there are no more."""
    x, y = as_numbers("x", x), as_numbers("y", y)
    # What is no rows at all is refused by the training.
    if 0 in (x.ndim, y.ndim) or count >= len(x) or len(x) != len(y):
        return x, y
    rng = np.random.default_rng(check_seed("seed", seed))
    rows = np.sort(rng.choice(len(x), count, replace=False))
    return x[rows], y[rows]


def summary(rates, losses):
    """The `RangeTest` of rates and losses, cut behind the first that is not finite."""
    window = max(1, round(WINDOW * len(rates)))
    bad = ~np.isfinite(losses)
    taken = int(bad.argmax()) if bad.any() else len(losses)
    # A training that stopped has diverged, be it in its loss or in its last update.
    ended = taken < len(rates)
    smoothed = running(np.mean, losses[:taken], window, window)
    if ended:
        losses = np.append(losses[:taken], np.inf)
        smoothed = np.append(smoothed, np.inf)
    rates, best = rates[: len(losses)], int(smoothed.argmin())
    high = running(np.median, losses, 0, window) > BOUND * smoothed[best]
    high &= losses > BOUND * smoothed[best]
    high[:best] = False
    return RangeTest(
        rates=rates,
        losses=losses,
        smoothed=smoothed,
        suggested=steepest(rates[:taken], smoothed[:taken], best),
        lowest=float(rates[best]),
        diverges=float(rates[high.argmax()]) if high.any() else np.inf,
    )


def steepest(rates, losses, best):
    """The rate below that of `best` where the loss falls fastest, or NaN.

    Against the logarithm of the rate.
    """
    if best == 0:
        return np.nan
    slopes = np.gradient(losses, np.log(rates))[:best]
    return float(rates[slopes.argmin()]) if slopes.min() < 0 else np.nan


def running(what, values, before, behind):
    """`what` of each value with so many before and behind it, float64[k]."""
    count = range(len(values))
    windows = (values[max(0, k - before) : k + behind + 1] for k in count)
    return np.array([what(window) for window in windows])
