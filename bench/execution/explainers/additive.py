"""An additive model: a curve for each input, and their sum.

F(x) = sum over j of f_j(x_j), f_j a cubic spline with knots at quantiles, fitted with a
ridge penalty. What an input does is one curve, whatever the others are. Its importance
is the standard deviation of f_j over the rows. Source: Hastie & Tibshirani (1986),
Generalized additive models, Statistical Science 1; Eilers & Marx (1996), Flexible
smoothing with B-splines and penalties, ibid. 11.
"""

import numpy as np

from ..explainer import Explainer, Readable
from ..readable import outputs_of, target


def fit(x, y, numeric, seed, knots):
    """The `Readable` of splines with so many knots."""
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import SplineTransformer, StandardScaler

    splines = SplineTransformer(int(knots), knots="quantile", extrapolation="linear")
    model = Ridge(1.0) if numeric else LogisticRegression(max_iter=500, tol=1e-3)
    whole = make_pipeline(StandardScaler(), splines, model)
    whole.fit(x, target(y, numeric))
    return Readable(outputs_of(whole, numeric, len(x)), _spread(whole, x))


def _spread(whole, x):
    """Standard deviation of each input's curve, the mean over outputs."""
    weights = np.atleast_2d(whole[-1].coef_)
    basis = whole[:-1].transform(x).reshape(len(x), x.shape[1], -1)
    weights = weights.reshape(len(weights), x.shape[1], -1)
    curves = np.einsum("rjk,ojk->roj", basis, weights)
    return curves.std(axis=0).mean(axis=0)


EXPLAINER = Explainer(
    label="Additive model of splines",
    source="Hastie & Tibshirani (1986); Eilers & Marx (1996)",
    fit=fit,
    options=(("knots", 5),),
)
