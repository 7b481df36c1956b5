"""Why a training ended as it did, or could not learn, in one sentence."""

import numpy as np

from . import progress

# Inputs or targets from here on are named beside a divergence: their squares, and those
# of the gradients that they make, are far from what float32 and usual rates are for.
LARGE = 1e4


def reason_of(status, curves, outcome, data, index=0, state=None):
    """The sentence on a run, "" where there is nothing to say.

    curves: float64[CURVES, epochs]; data: the `Data` of the training, of which it saw
    the rows `index`; state: what its optimizer kept, float[slots, n], if anything.
    """
    x, y = data.x[index % len(data.x)], data.y[index % len(data.y)]
    if status == "diverged":
        advice = _scale(x, y)
        what = _what(curves, int(outcome[progress.EPOCHS]), x.dtype.name, state)
        return f"{what}: {advice}." if advice else f"{what}."
    if len(y) > 1 and (y == y[0]).all():
        values = ", ".join(f"{value:g}" for value in y[0, :3])
        more = ", ..." if y.shape[1] > 3 else ""
        return f"All targets are {values}{more}: there is nothing to tell apart."
    return ""


def _what(curves, epochs, dtype, state):
    """What was not finite, or too high, in the last of so many epochs."""
    last = curves[:, epochs - 1]
    finite = np.isfinite(last)
    if not finite[progress.TRAIN_LOSS]:
        return f"The training loss is not finite in epoch {epochs}"
    if not finite[progress.GRADIENT_NORM]:
        return f"The gradient is not finite in epoch {epochs}"
    if not finite[progress.UPDATE_RATIO]:
        return f"The parameters are not finite after epoch {epochs}"
    if state is not None and not np.isfinite(state).all():
        if np.isinf(state).any():
            return f"The squared gradients overflow {dtype} in epoch {epochs}"
        return f"The optimizer's state is not finite in epoch {epochs}"
    first, final = curves[progress.TRAIN_LOSS, 0], last[progress.TRAIN_LOSS]
    if final > progress.DIVERGENCE_BOUND * first:
        bound = f"{progress.DIVERGENCE_BOUND:g}"
        return (
            f"The training loss rose above {bound} times its first value, from"
            f" {first:.3g} to {final:.3g}"
        )
    return f"The validation loss is not finite in epoch {epochs}"


def _scale(x, y):
    """What to do about large data, or ""."""
    found = [(name, float(np.abs(a).max())) for name, a in (("x", x), ("y", y))]
    large = [f"{name} reaches {size:.2g}" for name, size in found if size >= LARGE]
    if not large:
        return ""
    return f"{' and '.join(large)}; standardise {'it' if len(large) == 1 else 'them'}"
