"""The gradient noise scale of a training by SGD, on its way to the target.

McCandlish, Kaplan, Amodei et al. (2018), An empirical model of large-batch training,
section 2.2 and appendix A.1: S / |G|^2, with S the trace of the covariance of a row's
gradient and G the true gradient; both are averaged over steps before they are divided.
"""

import math

import numpy as np

from ...kernels import train
from .network import batch_rows, options, training_seed
from .starts import begun

# Whose rows a step, at most, say enough of the noise: a full batch has none.
_MOST_ROWS = 64
# Share of the steps at the beginning, and at the end, that are told by themselves.
_PART = 0.1


def noise_values(task, net, rows, seed, passes):
    """{name: number} of the noise scale: of the whole way, its start and its end.

    passes: over the data to the target. Empty where the condition is none of the sweep
    over batch sizes, or missed the target.
    """
    trial = task.condition.trial
    asked = task.condition.role == "sweep" and trial.optimizer == "sgd"
    small = batch_rows(trial, len(rows.x_seen)) <= _MOST_ROWS and not trial.layers
    if not (asked and small and math.isfinite(passes)):
        return {}
    key = training_seed(trial, seed)
    params = begun(net, trial, rows, key)
    how = options(trial) | {"epochs": int(passes), "patience": None}
    how |= {"lr": trial.lr, "seed": key, "threads": 1, "device": "cpu"}
    seen = train(net, params, rows.x_seen, rows.y_seen, diagnostics=True, **how)
    signal, noise = (
        np.nansum(part, axis=1)
        for part in (seen.diagnostics.signal, seen.diagnostics.noise)
    )
    part = max(1, int(_PART * len(signal)))
    steps = {"": slice(None), "_at_first": slice(part), "_at_last": slice(-part, None)}
    return {
        f"noise_scale{name}": _ratio(noise[some], signal[some])
        for name, some in steps.items()
    }


def _ratio(noise, signal):
    """Rows; infinite where no signal is left."""
    found = float(signal.mean())
    return float(noise.mean()) / found if found > 0 else math.inf
