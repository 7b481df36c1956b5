"""Networks with other than dense layers, written for us and for the peers.

A module defines `network()`, ours; `module(weights)`, PyTorch's at the weights {name
of `Network.layout`: float32 array}; and `forward(weights, x)`, JAX's. x is
flat, float32[b, inputs]. Heavy imports happen inside.
"""

from importlib import import_module
from pkgutil import iter_modules

ARCHITECTURES = {
    info.name: import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
    if info.name != "pieces"
}
