"""What the classifier and the regressor share: to train a network of dense layers."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from ...kernels import mlp, train
from ...kernels.continuing import go_on, standing
from .ending import check_end, note
from .rows import FitRows, fit_rows, held_out
from .settings import (
    activation_of,
    check_settings,
    hidden_sizes,
    rows_of_batch,
    steps_in_batches,
    training_options,
)

MOST_SEEDS = 2**31 - 1


class NetworkEstimator(BaseEstimator):
    """A network of dense layers behind scikit-learn's `fit` and `predict`.

    A subclass reads y: `_read_targets(y, first)` -> (targets, what a split keeps the
    shares of); knows the kernels' loss, `_loss_name()`, the network's `_outputs()`,
    and `_loss_share()`, that loss as a multiple of scikit-learn's.
    """

    _read_targets: Any
    _loss_name: Any
    _outputs: Any
    _loss_share: Any

    # Every parameter is in the signature of the subclass, as scikit-learn wants it.
    hidden_layer_sizes: Any
    initialiser: str
    solver: str
    learning_rate_init: float | None
    max_iter: int
    tol: float | None
    n_iter_no_change: int
    early_stopping: bool
    validation_fraction: float
    warm_start: bool
    dropout: float
    verbose: bool
    random_state: Any

    def fit(self, X, y, sample_weight=None):
        """Train the network on X float[rows, i] and y, which a subclass describes.

        sample_weight: float[rows] from zero on; a weight of k is as k copies of the
        row, and zero as none. Returns self. Raises ValueError or TypeError on data or
        parameters that cannot be, and where the parameters leave the finite numbers.
        """
        check_settings(self)
        going_on = bool(self.warm_start) and hasattr(self, "params_")
        rows = self._read(X, y, sample_weight, first=not going_on)
        if not going_on:
            self._begin(rows)
        self.params_ = _writable(self.params_.astype(rows.x.dtype))
        self._standing = None
        history = self._train(rows)
        note(self, history, going_on)
        check_end(self, history, whole=True)
        return self

    def _partial_fit(self, X, y, sample_weight, **targets):
        """One epoch on the rows; the solver goes on where it stood."""
        check_settings(self)
        if self.early_stopping:
            raise ValueError(
                "partial_fit sees some rows only: set early_stopping=False"
            )
        first = not hasattr(self, "params_")
        rows = self._read(X, y, sample_weight, first, **targets)
        if first:
            self._begin(rows)
        self.params_ = _writable(self.params_)
        dtype = self.params_.dtype
        if getattr(self, "_standing", None) is None:
            self._standing = standing(self.network_, self.solver, dtype)
        batch = rows_of_batch(self, len(rows.x))
        options = training_options(self, batch * rows.mean_weight, self._loss_share())
        history = go_on(
            self.network_,
            self.params_,
            self._standing,
            rows.x.astype(dtype, copy=False),
            rows.y,
            lr=self.learning_rate_init,
            batch_size=batch,
            seed=self._next_seed(),
            sample_weight=rows.weights,
            **options,
        )
        note(self, history, going_on=not first)
        check_end(self, history, whole=False)
        return self

    def _read(self, X, y, sample_weight, first, **more) -> FitRows:
        """The checked rows of a fit; first: nothing was fitted before."""
        X, y = validate_data(
            self,
            X,
            y,
            dtype=(np.float64, np.float32),
            order="C",
            multi_output=True,
            reset=first,
        )
        targets, strata = self._read_targets(y, first, **more)
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
        return fit_rows(X, targets, self._weigh(weights, y), strata)

    def _weigh(self, weights, y):
        """The weights of the rows, float64[rows] or None."""
        return weights

    def _begin(self, rows: FitRows) -> None:
        """Make the network and its first parameters."""
        self._random = check_random_state(self.random_state)
        self.network_ = mlp(
            [rows.x.shape[1], *hidden_sizes(self.hidden_layer_sizes), self._outputs()],
            activation_of(self),
            self._loss_name(),
            dropout=self.dropout,
        )
        self.params_ = self.network_.init(
            self._next_seed(), rows.x.dtype, self.initialiser
        )
        self._standing = None

    def _next_seed(self) -> int:
        return int(self._random.randint(MOST_SEEDS))

    def _train(self, rows: FitRows):
        """Train on the rows; returns the `History`."""
        validation: tuple[np.ndarray, ...] | None = None
        patience: dict[str, Any] = {}
        if self.early_stopping:
            rows, new = held_out(rows, self.validation_fraction, self._next_seed())
            validation = new.as_validation()
        elif self.tol is not None and steps_in_batches(self):
            validation = rows.as_validation()
        if validation is not None:
            # As MLPClassifier: after more than n_iter_no_change epochs no better.
            patience = {"patience": int(self.n_iter_no_change) + 1}
            patience["min_delta"] = self.tol or 0.0
        batch = rows_of_batch(self, len(rows.x))
        options = training_options(self, batch * rows.mean_weight, self._loss_share())
        return train(
            self.network_,
            self.params_,
            rows.x,
            rows.y,
            self.solver,
            self.learning_rate_init,
            batch if steps_in_batches(self) else None,
            int(self.max_iter),
            self._next_seed(),
            validation,
            sample_weight=rows.weights,
            **patience,
            **options,
        )

    def _out(self, X) -> np.ndarray:
        """float[rows, o]: the outputs of the network, before any link function."""
        check_is_fitted(self)
        dtype = self.params_.dtype
        X = validate_data(self, X, dtype=dtype, order="C", reset=False)
        return self.network_.predict(_writable(self.params_), X)

    @property
    def coefs_(self) -> list[np.ndarray]:
        """Weight matrices [inputs, outputs] of the layers, views of `params_`."""
        return self._parts("weight")

    @property
    def intercepts_(self) -> list[np.ndarray]:
        """Biases of the layers, views of `params_`."""
        return self._parts("bias")

    def _parts(self, kind: str) -> list[np.ndarray]:
        check_is_fitted(self)
        return [
            self.params_[start : start + int(np.prod(shape))].reshape(shape)
            for name, start, shape in self.network_.layout
            if name.endswith(kind)
        ]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        return tags


def _writable(params: np.ndarray) -> np.ndarray:
    """The parameters as kernels take them: of a memory map, a copy."""
    return np.require(params, requirements=["C", "A", "W"])


def in_batches(estimator) -> bool:
    """Has the solver a `partial_fit`? AttributeError, with the reason, where not."""
    if not steps_in_batches(estimator):
        raise AttributeError(
            f"solver={estimator.solver!r} takes all rows at once, not in parts"
        )
    return True


partial = available_if(in_batches)
