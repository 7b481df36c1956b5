"""What the curves of one training, logged by any program, tell of troubles.

A rule is one module here that defines `judge(curves)`, which gives a `Detection` as the
detectors of many seeds do, and `RANK`, its place among the troubles: the first that
fires names the verdict. There is one run: its intervals come from the last evaluations
of the curves, not from seeds. They say how sure the curve is, not how sure another run
would be.
"""

from importlib import import_module
from pkgutil import iter_modules

import numpy as np

from ..detectors import Detection
from .curves import LEAST, LoggedCurves, LoggedSeries, gathered

_MODULES = {
    m.name: import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)
}
RULES = {
    name: module.judge
    for name, module in sorted(
        ((name, m) for name, m in _MODULES.items() if hasattr(m, "judge")),
        key=lambda pair: pair[1].RANK,
    )
}


# Curves that run away or jump tell nothing of the other troubles.
LAST = ("divergence", "oscillation")


def judged(curves: LoggedCurves) -> dict[str, Detection]:
    """{trouble: `Detection`}; behind a trouble of `LAST` nothing else is judged."""
    found = {}
    for name, judge in RULES.items():
        with np.errstate(all="ignore"):  # losses may be as large as numbers are
            found[name] = judge(curves)
        if name in LAST and found[name].fires:
            break
    return found


__all__ = [
    "LEAST",
    "RULES",
    "LoggedCurves",
    "LoggedSeries",
    "gathered",
    "judged",
]
