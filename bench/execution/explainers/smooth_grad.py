"""SmoothGrad: the mean slope over noisy copies of a row.

a_j = mean over copies of d F / d x_j at x + noise, whose standard deviation is a share
of the range of the input. Source: Smilkov, Thorat, Kim, Viegas & Wattenberg (2017),
SmoothGrad: removing noise by adding noise, section 2; 10 to 20 % noise.
"""

import numpy as np

from ..explainer import Explainer


def attribute(subject, noise, copies):
    """float[rows, inputs]; noise: share of each input's range."""
    x, rng = subject.x, np.random.default_rng(subject.seed)
    spread, total = noise * np.ptp(x, axis=0), np.zeros(x.shape)
    for _ in range(int(copies)):
        moved = x + (rng.standard_normal(x.shape) * spread).astype(x.dtype)
        total += subject.slope(moved, subject.asked)
    return total / copies


EXPLAINER = Explainer(
    label="SmoothGrad",
    source="Smilkov et al. (2017), section 2",
    attribute=attribute,
    options=(("noise", 0.15), ("copies", 16)),
)
