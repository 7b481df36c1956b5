"""Rules that say from measured numbers what is wrong with a training.

A detector is one module here that defines `detect(values, test_over_train=None)` and
`READS`, the names of its inputs; its file name is its name. Adding one is adding one
file. values: {input: float[n], one number per seed, or a scalar}; an input that is
missing cannot make a rule fire. test_over_train: n_test / n_train where seeds are
splits of one data set.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from .detection import Component, Detection


def discover(path=__path__, package=__name__) -> dict[str, ModuleType]:
    """{name: module} of every module there that has a `detect`."""
    modules = {m.name: import_module(f"{package}.{m.name}") for m in iter_modules(path)}
    return {name: m for name, m in modules.items() if hasattr(m, "detect")}


_FOUND = discover()
DETECTORS: dict[str, Callable[..., Detection]] = {
    name: module.detect for name, module in _FOUND.items()
}
READS: dict[str, tuple[str, ...]] = {
    name: module.READS for name, module in _FOUND.items()
}

__all__ = ["DETECTORS", "READS", "Component", "Detection"]
