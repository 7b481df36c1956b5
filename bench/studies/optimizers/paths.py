"""Paths of the rules on functions of two numbers: shown, never part of a ranking."""

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np

from ....kernels.functions import compiled
from ....kernels.optimizer import NO_LAYOUT, Optimizer
from ...execution.entrant import Entrant
from .surfaces import SURFACES, Surface

# Rates tried, as factors of the default, and how near the least value counts as there.
FACTORS = 10.0 ** np.arange(-3.0, 2.5, 0.5)
GRADIENTS, NEAR = 400, 1e-3
# A point beyond this distance is a run that diverged.
FAR = 1e6
# Points of a path: all of the first, then ever fewer.
KEPT = np.unique(np.geomspace(1, GRADIENTS, 70).round().astype(int))


@dataclass(frozen=True)
class Descent:
    """A run: points at the gradients of KEPT, the last value and when it was near.

    near: gradients until the value is NEAR the least and stays so, infinite where it
    is not at the end; last: value less the least, infinite where the run diverged.
    """

    lr: float
    path: tuple[tuple[float, float], ...]
    near: float
    last: float


def descend(optimizer: Optimizer, surface: Surface, lr: float) -> Descent:
    """GRADIENTS gradients of a surface from its start, in float64.

    The two numbers are one vector: rules that turn matrices treat them as they treat
    biases. The point counted is that of the parameters trained on, not of averages.
    """
    rule = compiled(optimizer.rule, "update", "float64")
    p, g = np.array(surface.start), np.empty(2)
    dtype: Any = np.float64
    state, hyper = optimizer.init_state(2, dtype), optimizer.hyper(lr=lr)
    path, near, last = [surface.start], inf, inf
    keep = set(KEPT.tolist())
    for call in range(1, GRADIENTS + 1):
        g[:] = surface.gradient(float(p[0]), float(p[1]))
        rule(p, g, state, hyper, call, NO_LAYOUT)
        x, y = float(p[0]), float(p[1])
        if not (isfinite(x) and isfinite(y) and max(abs(x), abs(y)) < FAR):
            return Descent(lr, tuple(path), inf, inf)
        if call % optimizer.gradients:
            continue
        last = max(0.0, surface.value(x, y) - surface.least)
        near = min(near, call) if last <= NEAR else inf
        if call in keep or call == GRADIENTS:
            path.append((x, y))
    return Descent(lr, tuple(path), near, last)


def tuned(optimizer: Optimizer, surface: Surface) -> Descent:
    """The best of FACTORS: near the least value soonest, else the lowest at the end."""
    default = optimizer.defaults["lr"]
    runs = (descend(optimizer, surface, float(default * f)) for f in FACTORS)
    return min(runs, key=lambda run: (run.near, run.last))


def undrawn(optimizer: Optimizer) -> str:
    """Why a rule has no path; empty where it has one."""
    if getattr(optimizer, "sampled_every", 0):
        return (
            "It needs gradients at targets drawn from a network's predictions, which a"
            " function of two numbers has not."
        )
    return ""


def paths(entrants: tuple[Entrant, ...]) -> dict[str, Any]:
    """The `surfaces` of the content."""
    return {
        "gradients": GRADIENTS,
        "near": NEAR,
        "factors": [float(FACTORS[0]), float(FACTORS[-1]), len(FACTORS)],
        "functions": [
            {
                "name": s.name,
                "title": s.title,
                "formula": s.formula,
                "source": s.source,
                "start": list(s.start),
                "box": list(s.box),
                "least": s.least,
                "minima": [list(m) for m in s.minima],
                "heights": _heights(s),
            }
            for s in SURFACES
        ],
        "paths": {
            entrant.name: [_plain(tuned(entrant.optimizer, s)) for s in SURFACES]
            for entrant in entrants
            if not undrawn(entrant.optimizer)
        },
        "undrawn": {e.name: why for e in entrants if (why := undrawn(e.optimizer))},
    }


def _heights(surface: Surface, points: int = 61) -> list[list[float]]:
    """Values above the least on a grid over the box, a row a y."""
    x0, x1, y0, y1 = surface.box
    return [
        [
            float(f"{max(0.0, surface.value(x, y) - surface.least):.3g}")
            for x in np.linspace(x0, x1, points).tolist()
        ]
        for y in np.linspace(y0, y1, points).tolist()
    ]


def _plain(run: Descent) -> dict[str, Any]:
    return {
        "lr": float(f"{run.lr:.4g}"),
        "path": [[float(f"{x:.4g}"), float(f"{y:.4g}")] for x, y in run.path],
        "near": int(run.near) if isfinite(run.near) else None,
        "last": float(f"{run.last:.3g}") if isfinite(run.last) else None,
    }
