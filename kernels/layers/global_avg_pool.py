"""The mean of each channel over everything before it.

Source: Lin, Chen & Yan (2014), "Network in network", section 3.2.
"""

import math
from dataclasses import dataclass

from ..layer import Layer
from .avg_pool2d import AvgPool2D, means


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """The mean over all axes but the last. Input [t, c] or [h, w, c], output [c]."""

    kind = AvgPool2D.kind

    def plan(self, shape):
        if len(shape) < 2:
            raise ValueError(
                "GlobalAvgPool takes the mean over the axes before the last, and rows"
                f" of shape {shape} have none; leave it out"
            )
        size = (1, math.prod(shape[:-1]))
        return means(shape[-1:], size, size, (1, 1), (1, 1))


EXAMPLES = (((3, 4), GlobalAvgPool()), ((2, 3, 2), GlobalAvgPool()))
