"""The axes of a row become others; nothing is computed."""

import math
from dataclasses import dataclass

from ..layer import Layer
from ..validation import check_count


@dataclass(frozen=True, init=False)
class Reshape(Layer):
    """Rows of as many numbers, in their order, seen in another shape: Reshape(4, 3).

    One axis may be -1: what is left for it. ValueError where the numbers do not fit.
    """

    shape: tuple

    def __init__(self, *shape):
        if not shape:
            raise ValueError("Reshape needs at least one axis, as Reshape(4, 3)")
        for axis in shape:
            if axis != -1:
                check_count("each axis of Reshape", axis, 1)
        if shape.count(-1) > 1:
            raise ValueError(f"only one axis of Reshape may be -1, got {shape}")
        object.__setattr__(self, "shape", tuple(map(int, shape)))

    def build(self, graph):
        have, known = math.prod(graph.shape), abs(math.prod(self.shape))
        if have % known if -1 in self.shape else have != known:
            raise ValueError(
                f"Reshape to {self.shape} does not fit rows of shape {graph.shape},"
                f" which hold {have} numbers"
            )
        graph.shape = tuple(have // known if n == -1 else n for n in self.shape)


EXAMPLES = (((2, 3), Reshape(3, 2)), ((2, 6), Reshape(-1, 4)))
