"""Least squares without a ridge: the risk rises, peaks and falls again."""

import numpy as np

from .....kernels import mlp, train
from ..reproduction import Figure, Reproduction

ROWS, SIGNAL, NOISE = 100, 1.0, 0.25
COLUMNS = (50, 120, 200, 1000)
DRAWS = 40  # data sets of a seed, for the risk of one is mostly luck
# Of L-BFGS: far more than the worst conditioned of these needs.
_EPOCHS, _PER_EPOCH = 60, 20


def exact(columns: int) -> float:
    """Expected excess risk of the least-norm solution of isotropic normal inputs.

    sigma^2 p / (n - p - 1) for p < n - 1, and r^2 (1 - n / p) + sigma^2 n / (p - n - 1)
    for p > n + 1. Source: Belkin, Hsu & Xu (2020), theorem 1 (all features kept).
    """
    n, p = ROWS, columns
    if p < n - 1:
        return NOISE * p / (n - p - 1)
    return SIGNAL * (1 - n / p) + NOISE * n / (p - n - 1)


def measure(seed: int) -> dict[str, float]:
    """Mean excess risk by the number of columns, over the data sets of a seed."""
    return {
        f"columns_{p}": float(np.mean([risk(p, seed, k) for k in range(DRAWS)]))
        for p in COLUMNS
    }


def risk(columns: int, seed: int, draw: int) -> float:
    """Excess risk |w - w*|^2 of a linear unit, trained from zero until it stands still.

    From zero the iterates of L-BFGS stay in the span of the rows, so that it ends at
    the solution of least norm. One of the columns is the unit's bias, its input 1.
    """
    rng = np.random.default_rng([seed, columns, draw])
    truth = rng.standard_normal(columns)
    truth *= np.sqrt(SIGNAL) / np.linalg.norm(truth)
    x = rng.standard_normal((ROWS, columns - 1))
    noise = np.sqrt(NOISE) * rng.standard_normal(ROWS)
    y = x @ truth[:-1] + truth[-1] + noise
    net = mlp([columns - 1, 1], loss="mse")
    params = net.init(seed, np.float64, "zeros")
    train(net, params, x, y, "lbfgs", epochs=_EPOCHS, max_iter=_PER_EPOCH, device="cpu")
    return float(((params - truth) ** 2).sum())


def _plot(values):
    grid = [*range(10, 96, 5), 98, 102, *range(105, 200, 5), *range(200, 1001, 50)]
    measured = [float(values[f"columns_{p}"].mean()) for p in COLUMNS]
    series = {"exact": (grid, [exact(p) for p in grid]), "here": (COLUMNS, measured)}
    return {
        "kind": "line",
        "title": "Risk by the number of columns",
        "sentence": "Excess risk on new rows of a linear model of 100 rows: it peaks"
        " where there are as many columns as rows, and falls again behind.",
        "x_label": "columns",
        "y_label": "excess risk",
        "x_scale": "log",
        "y_scale": "log",
        "verticals": [{"label": "rows", "x": ROWS}],
        "series": [
            {"label": label, "x": list(x), "y": list(y)}
            for label, (x, y) in series.items()
        ],
    }


RESULT = Reproduction(
    name="double_descent",
    title="Double descent of least squares",
    setup="A linear unit is trained from zero, by L-BFGS, on 100 rows of 50 to 1,000"
    " independent normal columns; the true weights have length 1, the noise a variance"
    f" of 0.25. {DRAWS} data sets a seed.",
    source="Belkin, Hsu & Xu (2020), Two models of double descent for weak features,"
    " SIAM Journal on Mathematics of Data Science 2, theorem 1; Hastie, Montanari,"
    " Rosset & Tibshirani (2022), Annals of Statistics 50",
    figures=tuple(
        Figure(f"columns_{p}", f"{p:,} columns", exact(p), exact(p), slack=0.05)
        for p in COLUMNS
    ),
    measure=measure,
    seeds=10,
    quick=4,
    remark="What is published is the exact expectation. It counts as met within 5 %.",
    plot=_plot,
)
