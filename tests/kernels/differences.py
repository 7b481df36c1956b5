"""Derivatives by central finite differences, in float64."""

import numpy as np

# Near the cube root of machine epsilon, where rounding and truncation balance.
STEP = 1e-5


def gradient(function, point):
    """d function / d point, float64 of point's shape; function: array -> number."""
    slopes = np.empty_like(point)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + STEP
        above = function(point)
        point[index] = kept - STEP
        below = function(point)
        point[index] = kept
        slopes[index] = (above - below) / (2 * STEP)
    return slopes


def relative_error(got, wanted):
    """|got - wanted| / |wanted|, in the Euclidean norm."""
    return np.linalg.norm(got - wanted) / max(np.linalg.norm(wanted), 1e-3)
