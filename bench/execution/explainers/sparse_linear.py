"""A linear or logistic regression with an L1 penalty: most weights are zero.

Inputs are standardised, so that one penalty is fair to all. Source: Tibshirani (1996),
Regression shrinkage and selection via the lasso, J. Royal Statistical Society B 58.
"""

from .. import readable
from ..explainer import Explainer


def fit(x, y, numeric, seed, penalty):
    """The `Readable`; penalty: see `readable.linear`."""
    return readable.linear(x, y, numeric, penalty, sparse=True)


EXPLAINER = Explainer(
    label="Sparse linear model",
    source="Tibshirani (1996)",
    fit=fit,
    options=(("penalty", 0.03),),
)
