"""The hub: runs trials, measures, stores, judges statistically, and draws the pages.

`commands` parse and call one study; `studies` call `execution` (trial to record),
`measurement` (time, memory, machine) and `statistics` (effects, verdicts, detectors).
"""

from importlib import import_module
from typing import Any

# What is public here, and the module that it is read from when it is first used.
_HOMES = {
    "Diagnosis": ".studies.diagnose.api",
    "diagnose": ".studies.diagnose.api",
}
__all__ = [*_HOMES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(_HOMES[name], __name__), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
