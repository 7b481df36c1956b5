"""Results that others published, made again with our kernels.

A file of `results/` is one: it defines `RESULT`, a `Reproduction`.
"""

from importlib import import_module
from pkgutil import iter_modules

from . import results
from .reproduction import Reproduction


def _discover() -> dict[str, Reproduction]:
    names = sorted(info.name for info in iter_modules(results.__path__))
    return {name: import_module(f"{results.__name__}.{name}").RESULT for name in names}


PUBLISHED = _discover()
