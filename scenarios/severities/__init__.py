"""Troubles at three strengths on several data sets, beside sound trainings.

A file of `troubles/` is one trouble and defines `TROUBLE`.
"""

from importlib import import_module
from pkgutil import iter_modules

from . import troubles
from .injected import HEALTHY, SEVERITIES, InjectedTrouble, Patient
from .patients import PATIENTS
from .twins import TWINS


def _troubles():
    names = sorted(module.name for module in iter_modules(troubles.__path__))
    modules = (import_module(f"{troubles.__name__}.{name}") for name in names)
    return {module.TROUBLE.name: module.TROUBLE for module in modules}


TROUBLES: dict[str, InjectedTrouble] = _troubles()
# Those that rules on watched trainings are scored by.
SCORED = {name: each for name, each in TROUBLES.items() if each.scored}

__all__ = [
    "HEALTHY",
    "PATIENTS",
    "SCORED",
    "SEVERITIES",
    "TROUBLES",
    "TWINS",
    "InjectedTrouble",
    "Patient",
]
