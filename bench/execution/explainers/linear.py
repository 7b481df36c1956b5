"""A linear or logistic regression, whose weights are what there is to explain.

Inputs are standardised, so that the sizes of the weights can be compared. Source: Cox
(1958), The regression analysis of binary sequences, J. Royal Statistical Society B 20;
Hoerl & Kennard (1970), Ridge regression, Technometrics 12.
"""

from .. import readable
from ..explainer import Explainer


def fit(x, y, numeric, seed, penalty):
    """The `Readable`; penalty: see `readable.linear`."""
    return readable.linear(x, y, numeric, penalty)


EXPLAINER = Explainer(
    label="Linear model",
    source="Cox (1958); Hoerl & Kennard (1970)",
    fit=fit,
    options=(("penalty", 0.01),),
)
