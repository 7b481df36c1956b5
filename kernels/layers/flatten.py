"""The axes of a row become one; nothing is computed."""

import math
from dataclasses import dataclass

from ..layer import Layer


@dataclass(frozen=True)
class Flatten(Layer):
    """[h, w, c] and the like become [h w c], in their order; nothing is computed."""

    def build(self, graph):
        graph.shape = (math.prod(graph.shape),)


EXAMPLES = (((2, 3), Flatten()),)
