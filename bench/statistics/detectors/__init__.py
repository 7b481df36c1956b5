"""Rules that say from measured numbers what is wrong with a training.

A detector is one module here that defines `detect(values, test_over_train=None)`; its
file name is its name. Adding one is adding one file. values: {input: float[n], one
number per seed, or a scalar}; an input that is missing cannot make a rule fire.
test_over_train: n_test / n_train where seeds are splits of one data set.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from .detection import Component, Detection


def _discover():
    """{name: detect} of every module here that has one."""
    modules = {
        m.name: import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)
    }
    return {name: m.detect for name, m in modules.items() if hasattr(m, "detect")}


DETECTORS: dict[str, Callable[..., Detection]] = _discover()

__all__ = ["DETECTORS", "Component", "Detection"]
