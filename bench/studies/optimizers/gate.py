"""What an optimizer must show before it is studied: descent, always the same, and NaN.

That AdamW under another name ties with AdamW, and that a random direction ranks last,
are checks of the study itself, see `checks`.
"""

from pathlib import Path
from typing import Any

import numpy as np

from ....kernels import Optimizer, train_population
from ....scenarios.problem import Problem
from ....scenarios.trial import Dataset, Trial
from ...execution.data import split
from ...execution.entrant import Entrant
from ...execution.network import network
from ...execution.population import DATA_SEED
from .own import at, line_of

# A well-conditioned regression without noise: every optimizer descends on it.
QUADRATIC = Problem(
    name="gate",
    title="Gate",
    summary="A linear regression of condition number 10.",
    trial=Trial(
        data=Dataset(
            "spectrum",
            rows=256,
            validation=256,
            test=0,
            options=(("kappa", 10.0), ("n", 10), ("noise", 0.0)),
        ),
        hidden=(),
        loss="mse",
        batch_size=32,
        epochs=100,
    ),
)
# Rates tried, as factors of the default; share of the first loss the best must reach.
FACTORS = 10.0 ** np.arange(-2, 2.5, 0.5)
DESCENT = 0.01
# Steps until NaN must be seen: a rule may move by the gradient of the step before.
NAN_STEPS = 3


def gate(entrant: Entrant, threads: int) -> dict[str, Any]:
    """The gate's figures. Raises BadData with one sentence where it does not pass."""
    path, line = entrant.file or Path(entrant.name), line_of(entrant.optimizer.formula)
    first, second = (_trained(entrant, threads) for _ in range(2))
    if np.isnan(first.train_loss[_default()][0]) or _breaks(first):
        raise at(
            path,
            line,
            "its first steps on a well-conditioned quadratic with the"
            " default learning rate give NaN or infinity",
        )
    if not np.array_equal(first.params, second.params, equal_nan=True):
        raise at(path, line, "the same seeds do not give the same result twice")
    start = first.train_loss[_default(), 0]
    ratios = (
        np.where(np.isfinite(first.val_loss), first.val_loss, np.inf)[:, -1] / start
    )
    best = int(ratios.argmin())
    if not ratios[best] <= DESCENT:
        raise at(
            path,
            line,
            "it does not converge on a well-conditioned quadratic: the best"
            f" of {len(FACTORS)} learning rates leaves {ratios[best]:.3g} of the loss;"
            f" at most {DESCENT} may remain",
        )
    if not _passes_nan(entrant.optimizer):
        raise at(
            path,
            line,
            "NaN in the gradient leaves the parameters finite, and a run"
            " that diverges would look well; let it pass, as kernels/optimizers/lion.py"
            " does for a sign",
        )
    lr = float(entrant.optimizer.defaults["lr"] * FACTORS[best])
    return {"deterministic": True, "remaining": float(ratios[best]), "lr": lr}


def _passes_nan(optimizer: Optimizer) -> bool:
    """Are parameters NaN after steps by a gradient that is NaN for them?"""
    params, grad = np.ones(6, np.float32), np.ones(6, np.float32)
    grad[[0, 4]] = np.nan
    state = optimizer.init_state(params.size)
    for step in range(1, NAN_STEPS * optimizer.gradients + 1):
        optimizer.update(params, grad, state, step=step)
    return bool(np.isnan(params[[0, 4]]).all())


def _default() -> int:
    return len(FACTORS) // 2


def _breaks(population) -> bool:
    """Did the run with the default rate end within its first pass over the data?"""
    return population.epochs[_default()] == 1 < QUADRATIC.trial.epochs


def _trained(entrant: Entrant, threads: int):
    trial, rows = QUADRATIC.trial, split(QUADRATIC.trial.data, DATA_SEED)
    how: dict[str, Any] = {
        "optimizer": entrant.optimizer,
        "lr": list(entrant.optimizer.defaults["lr"] * FACTORS),
        "batch_size": trial.batch_size,
        "epochs": trial.epochs,
        "seeds": [0] * len(FACTORS),
        "validation": (rows.x_val, rows.y_val),
        "threads": threads,
    }
    net = network(trial, rows)
    return train_population(net, rows.x_train, rows.y_train, **how)
