"""Integrated gradients: the slope along the way from the mean row to the row.

a_j = (x_j - b_j) integral over s from 0 to 1 of d F / d x_j at b + s (x - b), b the
mean of the rows, by the midpoint rule. They add up to F(x) - F(b) (completeness), as
closely as the steps allow. Source: Sundararajan, Taly & Yan (2017), Axiomatic
attribution for deep networks, ICML, eq. 1 and proposition 1.
"""

import numpy as np

from ..explainer import Explainer


def attribute(subject, steps):
    """float[rows, inputs]; steps: points on the way."""
    steps, x, asked = int(steps), subject.x, subject.asked
    start = x.mean(axis=0)
    away, total = x - start, np.zeros(x.shape)
    for k in range(steps):
        share = x.dtype.type((k + 0.5) / steps)
        total += subject.slope(start + share * away, asked)
    return away * total / steps


EXPLAINER = Explainer(
    label="Integrated gradients",
    source="Sundararajan, Taly & Yan (2017), eq. 1",
    attribute=attribute,
    options=(("steps", 16),),
)
