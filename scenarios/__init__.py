"""What goes wrong in training and what may help: declarations and data.

A scenario is one module here that defines `SCENARIO`; a fix is one module in `fixes/`
that defines `FIXES`. Adding either is adding one file.
"""

from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from . import fixes
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Deployment, LayerSpec, MemoryPlan, Trial, layer


def _discover():
    """{name: scenario}, each with the fixes that treat it or one of its parts."""
    modules = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)]
    scenarios = [m.SCENARIO for m in modules if hasattr(m, "SCENARIO")]
    names = [m.name for m in iter_modules(fixes.__path__)]
    every = [f for n in names for f in import_module(f"{fixes.__name__}.{n}").FIXES]
    known = {p.name for s in scenarios for p in (s, *s.parts)}
    for fix in every:
        if unknown := set(fix.treats) - known:
            raise ValueError(
                f"fix {fix.name} treats no known scenario: {unknown.pop()}"
            )
    return {s.name: _with_fixes(s, every) for s in scenarios}


def _with_fixes(scenario, every):
    mine = tuple(fix for fix in every if scenario.name in fix.treats)
    parts = tuple(_with_fixes(part, every) for part in scenario.parts)
    return replace(scenario, fixes=mine, parts=parts)


SCENARIOS: dict[str, Scenario] = _discover()

__all__ = [
    "SCENARIOS",
    "Controls",
    "Dataset",
    "Deployment",
    "Fix",
    "LayerSpec",
    "MemoryPlan",
    "Metric",
    "Scenario",
    "Symptom",
    "Trial",
    "layer",
]
