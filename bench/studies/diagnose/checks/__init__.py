"""What is looked for in a table before anything is trained: a module each.

A check is one module here that defines `CODE`, `TITLE`, `WEIGHT` (see `Finding`) and
`check(look)`, which returns a `Finding` or None. They run by code; what a finding drops
is out of sight for those after it. Adding one is adding one file.
"""

from collections.abc import Container
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from .finding import Finding
from .look import Look


def _discover() -> dict[str, ModuleType]:
    found = [import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)]
    checks = {m.CODE: m for m in found if hasattr(m, "check")}
    if len(checks) < sum(hasattr(m, "check") for m in found):
        raise ValueError("two checks have one code")
    return dict(sorted(checks.items()))


CHECKS = _discover()


def inspected(look: Look, muted: Container[str] = ()) -> list[Finding]:
    """What the checks find, by code. muted: codes of those that are not made."""
    findings = []
    for code, module in CHECKS.items():
        if code in muted:
            continue
        found = module.check(look)
        if found is not None:
            findings.append(found)
            look.drop(found.drops)
    return findings


__all__ = ["CHECKS", "Finding", "Look", "inspected"]
