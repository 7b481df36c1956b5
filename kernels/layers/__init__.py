"""Layers as a user declares them: one file each, discovered here.

A module holds the functions of its kind and, in a frozen dataclass, the declaration:
see `layer.Layer` and `layer.Kind`. `layers.Dense` is the declaration of dense.py.
EXAMPLES, pairs (shape of a row, layer), are what tests run inside a network.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ..layer import Kind, Layer

_MODULES = [
    import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
]
LAYERS = {
    name: declared
    for module in _MODULES
    for name, declared in sorted(vars(module).items())
    if isinstance(declared, type) and issubclass(declared, Layer)
    if declared.__module__ == module.__name__
}
EXAMPLES = [pair for module in _MODULES for pair in module.EXAMPLES]
KINDS: dict[str, Kind] = {
    layer.kind.name: layer.kind for layer in LAYERS.values() if hasattr(layer, "kind")
}


def __getattr__(name: str) -> Any:
    if name not in LAYERS:
        raise AttributeError(f"no layer {name!r}; there are {', '.join(LAYERS)}")
    return LAYERS[name]


def __dir__():
    return [*globals(), *LAYERS]
