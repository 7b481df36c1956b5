"""Layers on a device: one file each, by the names of `kernels.layers`.

A module holds `forward(space, stream, layer)`, which launches what makes
`space.values[layer + 1]` of `space.values[layer]`, and `backward(space, stream, layer,
dx, dy)`, which makes dx = dL/d(input) of dy = dL/d(output), and, with parameters,
`gradient(space, stream, layer, dy)`. Where the layer below is dense, backward
multiplies dx by the slope of its activation, see `Space.below`. space: `Space`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ...layers import KINDS

# The kinds of layers that there are twins of, and their numbers in a block's table.
NUMBERS = {
    name: number
    for number, name in enumerate(sorted(info.name for info in iter_modules(__path__)))
}


def unsupported(net):
    """The first kind of layer of a network that a device cannot compute, or None.

    A twin reads the layer before it, and a dense one a token a row.
    """
    for number, node in enumerate(net.nodes):
        name = node.kind.name
        if name not in NUMBERS or node.kind is not KINDS[name]:
            return name
        if node.source != number - 1 or node.plan.rows not in (0, node.inputs):
            return name
    return None


@cache
def twin(name):
    """The module of a kind of layer, imported where it is used: it needs CUDA."""
    return import_module(f".{name}", __package__)
