"""Twelve tables, each with one trouble planted, and four without any."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..settings import DiagnoseSettings


@dataclass(frozen=True)
class Planted:
    """A table and the trouble that must be named first; () for a table without any.

    make: of a seed to (features DataFrame, target array). names: of findings, any of
    which is right; settings: of the diagnosis, as keywords.
    """

    name: str
    make: Callable[[int], tuple[Any, Any]]
    names: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


def _frame(x):
    return pd.DataFrame(x, columns=[f"f{k}" for k in range(x.shape[1])])


def _blobs(seed, rows=1500, classes=2, sep=2.0, **more):
    """Clusters that ten features tell apart well, no one of them alone."""
    from sklearn.datasets import make_classification

    make: Any = make_classification
    x, y = make(
        rows,
        n_features=10,
        n_informative=8,
        n_redundant=0,
        n_classes=classes,
        n_clusters_per_class=2,
        class_sep=sep,
        flip_y=0.0,
        random_state=seed,
        **more,
    )
    return _frame(x / x.std()), y


def _friedman(seed, rows=2500):
    from sklearn.datasets import make_friedman1

    x, y = make_friedman1(rows, n_features=10, noise=0.2, random_state=seed)
    return _frame((x - 0.5) * 12**0.5), y


def _moons(seed):
    from sklearn.datasets import make_moons

    x, y = make_moons(2000, noise=0.15, random_state=seed)
    return _frame(x), y


def _linear(seed):
    from sklearn.datasets import make_regression

    make: Any = make_regression
    x, y = make(2000, 10, n_informative=6, noise=5.0, random_state=seed)
    return _frame(x), y


def _leakage(seed):
    """What follows from the answer, beside real measurements."""
    x, y = _blobs(seed)
    rng = np.random.default_rng(seed)
    x.insert(4, "refunded", y * 10 + rng.normal(0, 1, len(y)))
    return x, y


def _copies(seed):
    """A third of the rows were recorded twice."""
    x, y = _blobs(seed)
    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.concatenate([np.arange(len(y)), rng.choice(len(y), 500)]))
    return x.iloc[rows].reset_index(drop=True), y[rows]


def _unscaled(seed):
    """Each column in a unit of its own, from 1/1000 to 1000."""
    x, y = _blobs(seed)
    units = np.random.default_rng(seed).permutation(np.geomspace(1e-3, 1e3, x.shape[1]))
    return x * units, y


def _ill_conditioned(seed):
    """Three columns measure what three others do, but for a thousandth."""
    x, y = _blobs(seed)
    rng = np.random.default_rng(seed)
    for k in range(3):
        x[f"again{k}"] = x[f"f{k}"] + 1e-3 * rng.normal(size=len(x))
    return x, y


def _imbalance(seed):
    return _blobs(seed, rows=3000, weights=[0.975])


def _label_noise(seed):
    """A quarter of the labels are another class's."""
    x, y = _blobs(seed, rows=2000, classes=3)
    rng = np.random.default_rng(seed)
    wrong = rng.random(len(y)) < 0.25
    return x, np.where(wrong, (y + rng.integers(1, 3, len(y))) % 3, y)


def _few_rows(seed):
    """Sixty rows of thirty columns."""
    from sklearn.datasets import make_classification

    x, y = make_classification(
        60, n_features=30, n_informative=10, flip_y=0.0, random_state=seed
    )
    return _frame(x), y


def _digits(seed):
    """Digits without the pixels that are always white, from 0 to 1."""
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(y))
    x = x[:, x.std(axis=0) > 1.0] / 16
    return _frame(x[order]), y[order]


def _identifier(seed):
    x, y = _blobs(seed)
    rng = np.random.default_rng(seed)
    x.insert(0, "customer", 10_000 + rng.permutation(len(y)))
    return x, y


def _drift(seed):
    """The rows are in time, and what the classes look like moves with it."""
    x, y = _blobs(seed, rows=2000)
    late = np.linspace(0, 1, len(y))
    for k in range(4):
        x[f"f{k}"] += 2.5 * late
    return x, y


def _constant(seed):
    x, y = _blobs(seed)
    x.insert(3, "country", "NL")
    return x, y


PLANTED = (
    Planted("leakage", _leakage, ("leakage",)),
    Planted("copies across the split", _copies, ("copies_across",)),
    Planted("unscaled", _unscaled, ("scales",)),
    Planted("ill-conditioned", _ill_conditioned, ("conditioning",)),
    Planted("imbalance", _imbalance, ("imbalance",)),
    Planted("label noise", _label_noise, ("label_noise",)),
    Planted("too few rows", _few_rows, ("few_rows",)),
    Planted("too small a network", _digits, ("underfitting",), {"network": (2,)}),
    Planted(
        "too large a learning rate",
        lambda seed: _blobs(seed, rows=2000, classes=4),
        ("rate_too_large", "divergence"),
        {"lr": 0.3},
    ),
    Planted("an id column", _identifier, ("identifier",)),
    Planted("a drift in time", _drift, ("drift",)),
    Planted("a constant column", _constant, ("constant",)),
)
CLEAN = (
    Planted("clean: clusters", _blobs),
    Planted("clean: moons", _moons),
    Planted("clean: Friedman's function", _friedman),
    Planted("clean: a linear function", _linear),
)
TABLES = (*PLANTED, *CLEAN)


def named(planted: Planted, seed: int, threads: int = 1, **settings) -> list[str]:
    """Names of the troubles that a diagnosis finds in a table, the worst first."""
    from ..content import ordered
    from ..reading import rows_of
    from ..study import examined_case, mended

    x, y = planted.make(seed)
    asked = DiagnoseSettings(seed=seed, threads=threads, **planted.settings | settings)
    rows = rows_of(x, y, None, seed)
    case = examined_case(rows, asked, lambda *_: None, beside=False)
    mended(case, lambda *_: None, rate_only=True)
    return [finding.name for finding in ordered(case.findings)]
