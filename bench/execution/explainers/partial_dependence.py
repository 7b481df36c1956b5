"""Partial dependence: how far the mean output moves as one input does.

PD_j(v) = mean over rows of F(x with x_j = v); the importance is the standard deviation
of PD_j over a grid from the 5 % to the 95 % quantile, its mean over the outputs.
Source: Friedman (2001), Greedy function approximation, section 8.2; Greenwell, Boehmke
& McCarthy (2018), A simple and effective model-based variable importance measure, eq.
4. Computed by scikit-learn.
"""

import warnings

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin

from ..explainer import Explainer

_ROWS = 64  # a mean over more rows hardly differs


class OneOutput(RegressorMixin, BaseEstimator):
    """One output of a network, as a regressor. outputs of classes: above their mean."""

    def __init__(self, net, params, which):
        self.net, self.params, self.which = net, params, which

    def fit(self, x, y):
        """It is fitted already."""
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict(self, x):
        """float64[rows]."""
        out = self.net.predict(self.params, np.ascontiguousarray(x, self.params.dtype))
        centred = out - out.mean(axis=1, keepdims=True) if out.shape[1] > 1 else out
        return centred[:, self.which].astype(float)


def rank(subject, points):
    """Standard deviation of the curve of each input, float[inputs]."""
    from sklearn.inspection import partial_dependence

    found = np.zeros(subject.x.shape[1])
    # Of two classes one output is minus the other.
    outputs = 1 if subject.net.outputs == 2 else subject.net.outputs
    varied = np.flatnonzero(np.ptp(subject.x, axis=0) > 0)
    for which in range(outputs):
        model = OneOutput(subject.net, subject.params, which)
        for column in varied:
            with warnings.catch_warnings():
                # An input of few values has no quantiles apart: all values are taken.
                warnings.simplefilter("ignore")
                curve = partial_dependence(
                    model,
                    subject.x[:_ROWS].astype(float),
                    [int(column)],
                    kind="average",
                    method="brute",
                    grid_resolution=int(points),
                )
            found[column] += np.std(curve["average"][0])
    return found / outputs


EXPLAINER = Explainer(
    label="Spread of the partial dependence",
    source="Friedman (2001), section 8.2; Greenwell et al. (2018), eq. 4",
    rank=rank,
    options=(("points", 6),),
)
