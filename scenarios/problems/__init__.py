"""Problems to compare optimizers on: a module here defines `PROBLEMS`, a tuple."""

from importlib import import_module
from pkgutil import iter_modules

from ..problem import Problem

_MODULES = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)]
PROBLEMS: dict[str, Problem] = {p.name: p for m in _MODULES for p in m.PROBLEMS}
