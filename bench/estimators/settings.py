"""What the parameters of an estimator mean to the kernels."""

from typing import Any

from ...kernels.activations import ACTIVATIONS
from ...kernels.bounds import BELOW_ONE, COUNT, NONNEGATIVE, POSITIVE, SHARE, UNIT
from ...kernels.initialisers import INITIALISERS
from ...kernels.minimisers import MINIMISERS
from ...kernels.optimizers import OPTIMIZERS
from ...kernels.validation import (
    check_choice,
    check_count,
    check_number,
    check_switch,
)

# What scikit-learn calls otherwise.
_ACTIVATIONS = {"logistic": "sigmoid"}
LARGEST_BATCH = 200  # rows, of batch_size="auto", as of MLPClassifier
_BOUNDS = {
    "alpha": NONNEGATIVE,
    "l1_ratio": UNIT,
    "dropout": BELOW_ONE,
    "max_iter": COUNT,
    "n_iter_no_change": COUNT,
    "validation_fraction": SHARE,
}
_OPTIONAL = {
    "tol": NONNEGATIVE,
    "learning_rate_init": NONNEGATIVE,
    "clip_norm": POSITIVE,
}


def check_settings(estimator: Any) -> None:
    """ValueError or TypeError, one sentence, on a parameter that cannot be."""
    check_choice("activation", estimator.activation, (*ACTIVATIONS, *_ACTIVATIONS))
    check_choice("initialiser", estimator.initialiser, ("auto", *INITIALISERS))
    check_choice("solver", estimator.solver, (*OPTIMIZERS, *MINIMISERS))
    for name, bounds in _BOUNDS.items():
        check_number(name, getattr(estimator, name), bounds)
    for name, bounds in _OPTIONAL.items():
        if (value := getattr(estimator, name)) is not None:
            check_number(name, value, bounds)
    for name in ("early_stopping", "warm_start", "verbose"):
        check_switch(name, getattr(estimator, name))
    if not isinstance(estimator.batch_size, str) or estimator.batch_size != "auto":
        check_count("batch_size", estimator.batch_size)
    if estimator.validation_fraction == 1:
        raise ValueError("validation_fraction must be below 1")


def hidden_sizes(sizes: Any) -> list[int]:
    """The widths of the hidden layers: of one number, or of a sequence of them."""
    each = sizes if hasattr(sizes, "__iter__") else [sizes]
    return [check_count("each of hidden_layer_sizes", size) for size in each]


def activation_of(estimator: Any) -> str:
    """The kernels' name of the activation."""
    name: str = estimator.activation
    return _ACTIVATIONS.get(name, name)


def steps_in_batches(estimator: Any) -> bool:
    """Does the solver take steps on batches of rows? Minimisers take all rows."""
    return estimator.solver not in MINIMISERS


def rows_of_batch(estimator: Any, rows: int) -> int:
    """Rows a step: all of them, or 200 at most, where nothing else is said."""
    if not steps_in_batches(estimator):
        return rows
    size = LARGEST_BATCH if estimator.batch_size == "auto" else estimator.batch_size
    return min(size, rows)


def training_options(estimator: Any, batch: float, share: float) -> dict[str, Any]:
    """Options of `train` and of the solver.

    batch: rows a step, times their mean weight. share: the kernels' loss beside
    scikit-learn's. There the objective is the mean loss + alpha |w|^2 / (2 batch).
    """
    strength = estimator.alpha * share / batch
    options = dict(estimator.solver_options or {})
    chosen = {
        "l1": strength * estimator.l1_ratio,
        "l2": strength * (1 - estimator.l1_ratio),
        "clip_norm": estimator.clip_norm,
        "schedule": estimator.learning_rate,
        "schedule_options": estimator.learning_rate_options or {},
    }
    plain = {"l1": 0.0, "clip_norm": None, "schedule": "constant"}
    plain["schedule_options"] = {}
    known = {k: v for k, v in chosen.items() if plain.get(k, ...) != v}
    if doubled := sorted(set(options) & {*chosen, "lr"}):
        raise ValueError(
            f"solver_options must leave {doubled[0]!r} to the parameter of its own"
        )
    return {**options, **known}
