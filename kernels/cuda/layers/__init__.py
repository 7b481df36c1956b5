"""Layers on a device: one file each, by the names of `kernels.layers`.

A module holds `forward(space, stream, layer)`, which launches what makes
`space.values[layer + 1]` of `space.values[layer]`, and `backward(space, stream, layer,
dx, dy)`, which makes dx = dL/d(input) of dy = dL/d(output), and, with parameters,
`gradient(space, stream, layer, dy)`. A delta comes multiplied by the slope of the dense
layer that it is the output's of, see `Space.below`. space: `Space`.
"""

from functools import cache
from importlib import import_module


@cache
def twin(kind):
    """The module of a kind of layer, imported where it is used: it needs CUDA."""
    return import_module(f".{kind}", __package__)
