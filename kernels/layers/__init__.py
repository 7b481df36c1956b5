"""Layers as a user declares them: one file each, discovered here.

A module holds the functions of its kind and, in a frozen dataclass, the declaration: see
`layer.Layer` and `layer.Kind`. `layers.Dense(10)` is the declaration `Dense` of dense.py.
"""

from importlib import import_module
from pkgutil import iter_modules

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
KINDS: dict[str, Kind] = {
    layer.kind.name: layer.kind for layer in LAYERS.values() if hasattr(layer, "kind")
}
globals().update(LAYERS)
__all__ = ["KINDS", "LAYERS", *LAYERS]
