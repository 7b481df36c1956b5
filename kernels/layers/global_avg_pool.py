"""The mean of each channel over everything before it.

Source: Lin, Chen & Yan (2014), "Network in network", section 3.2.
"""

import math
from dataclasses import dataclass, replace

from ..layer import Layer
from ..pooling import plan_pool
from .avg_pool2d import KIND


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """The mean over all axes but the last. Input [t, c] or [h, w, c], output [c]."""

    kind = replace(
        KIND, name="global_avg_pool", source="Lin, Chen & Yan (2014), section 3.2"
    )

    def plan(self, shape):
        if len(shape) < 2:
            raise ValueError(
                "GlobalAvgPool takes the mean over the axes before the last, and rows"
                f" of shape {shape} have none; leave it out"
            )
        size = (1, math.prod(shape[:-1]))
        return replace(
            plan_pool(self, (*size, shape[-1]), size, size), shape=shape[-1:]
        )


EXAMPLES = (((3, 4), GlobalAvgPool()), ((2, 3, 2), GlobalAvgPool()))
