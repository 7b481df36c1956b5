"""The hub: runs trials, measures, stores, judges statistically, and draws the pages.

`commands` parse and call one study; `studies` call `execution` (trial to record),
`measurement` (time, memory, machine) and `statistics` (effects, verdicts, detectors).
Public names are looked up when they are first used.
"""

from importlib import import_module
from typing import Any

# Each public name, and the module that it is read from.
_HOMES = {
    "GradClinicClassifier": ".estimators",
    "GradClinicRegressor": ".estimators",
    "Monitor": ".studies.curves_logged",
    "Diagnosis": ".studies.diagnose.api",
    "attributions": ".execution.importances",
    "diagnose": ".studies.diagnose.api",
    "importances": ".execution.importances",
}
__all__ = [*_HOMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
