"""What a way to explain a trained network is: its declaration, and what it is given."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...kernels import Network, input_gradient

_NUMERIC = ("mse", "huber")


@dataclass(frozen=True)
class Subject:
    """A trained network and the rows that it is explained on.

    params: float[n_values]; x: float[rows, inputs], of the same dtype; y: as the
    network's loss takes it; seed: of all that a method draws. weights: float[rows,
    outputs], which sum of outputs is explained; None: see `asked`.
    """

    net: Network
    params: np.ndarray
    x: np.ndarray
    y: np.ndarray
    seed: int = 0
    weights: np.ndarray | None = None

    @property
    def numeric(self) -> bool:
        """Does it learn numbers, not classes?"""
        return self.net.loss in _NUMERIC

    @cached_property
    def outputs(self) -> np.ndarray:
        """float[rows, outputs], as `Network.predict` gives them."""
        return self.net.predict(self.params, self.x)

    @cached_property
    def asked(self) -> np.ndarray:
        """float[rows, outputs]: which sum of outputs is explained, of each row.

        Of classes the predicted one's output above the mean of all, which does not
        change where all logits do by as much; else every output counts 1.
        """
        if self.weights is not None:
            return self.weights
        out = self.outputs
        if self.net.target_kind not in ("class", "share"):
            return np.ones_like(out)
        asked = np.full_like(out, -1 / out.shape[1])
        asked[np.arange(len(out)), out.argmax(axis=1)] += 1
        return asked

    def score(self, x: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """float64[b]: the sum of outputs that `asked` weighs, of rows x."""
        return (self.net.predict(self.params, x).astype(float) * asked).sum(axis=1)

    def slope(self, x: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """float[b, inputs]: the derivative of `score` by x."""
        return input_gradient(self.net, self.params, x, asked)

    def as_estimator(self) -> "AsEstimator":
        """The network as scikit-learn sees an estimator."""
        return AsEstimator(self.net, self.params)


class AsEstimator:
    """A trained network as scikit-learn sees an estimator."""

    def __init__(self, net: Network, params: np.ndarray) -> None:
        self.net, self.params = net, params

    def fit(self, x: np.ndarray, y: np.ndarray) -> "AsEstimator":
        """It is fitted already."""
        return self

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Class numbers, or float[rows, outputs] where numbers are learnt."""
        out = self.net.predict(self.params, np.ascontiguousarray(x))
        if self.net.target_kind in ("class", "share"):
            return out.argmax(axis=1)
        return out if self.net.loss in _NUMERIC else (out > 0).astype(int)

    def score(self, x: np.ndarray, y: np.ndarray) -> float:
        """Minus the loss: what a shuffled input costs."""
        return -self.net.evaluate(self.params, np.ascontiguousarray(x), y)[0]


@dataclass(frozen=True)
class Explainer:
    """One way to say what a network looks at; at least one of its functions is given.

    attribute(subject, **options): float[rows, inputs], what each input of each row adds
    to the sum of outputs that `Subject.asked` weighs. rank(subject, **options):
    float[inputs], larger is more important; None: the mean size of the attributions.
    fit(x, y, numeric, seed, **options): a `Readable` that is trained in the network's
    place. label: its name for readers; source: paper, year, section; options: {name:
    what is usual}.
    """

    label: str
    source: str
    attribute: Callable[..., np.ndarray] | None = None
    rank: Callable[..., np.ndarray] | None = None
    fit: Callable[..., "Readable"] | None = None
    options: tuple[tuple[str, Any], ...] = ()

    def importances(self, subject: Subject, **options: Any) -> np.ndarray:
        """float64[inputs], larger is more important. ValueError where it cannot be."""
        if self.rank is not None:
            chosen = self.chosen(options)
            return np.asarray(self.rank(subject, **chosen), dtype=float)
        return np.abs(self.attributed(subject, **options)).mean(axis=0, dtype=float)

    def attributed(self, subject: Subject, **options: Any) -> np.ndarray:
        """float[rows, inputs], see `attribute`. ValueError where it explains none."""
        if self.attribute is None:
            raise ValueError(
                f"{self.label} is a model of its own, which takes a network's place;"
                " name a method that explains a network"
            )
        return self.attribute(subject, **self.chosen(options))

    def chosen(self, options: dict[str, Any]) -> dict[str, Any]:
        """All options with their values; ValueError on one that is not known."""
        usual = dict(self.options)
        for name in options:
            if name not in usual:
                known = ", ".join(usual) or "none"
                raise ValueError(
                    f"{self.label} has no option {name!r}; its options: {known}"
                )
        return usual | options


@dataclass(frozen=True)
class Readable:
    """A model that is read instead of explained.

    predict: of float[b, inputs] to float[b, outputs], logits or numbers as a network's
    outputs; importances: float[inputs].
    """

    predict: Callable[[np.ndarray], np.ndarray]
    importances: np.ndarray
