"""How time and memory grow with the work: power laws, fitted where they hold.

Of a dense network one expects time to grow with the square of the width, and in
proportion to depth, batch and number of networks, once the fixed cost of a step is
small. The fit is by least squares on logarithms, over the larger two thirds.
"""

from typing import Any

import numpy as np

from ....kernels import OPTIMIZERS, mlp
from ....kernels.memory import predicted_bytes
from ...measurement.peers.case import Case
from .settings import ProfileSettings
from .training import stepper

# Axis: its points, and the case at each.
AXES = {
    "width": ((32, 64, 128, 256, 512, 1024), lambda w: ((64, w, w, 10), 64, 1)),
    "depth": ((1, 2, 4, 8, 16, 32), lambda d: ((64, *[128] * d, 10), 64, 1)),
    "batch": ((16, 32, 64, 128, 256, 512), lambda b: ((64, 256, 256, 10), b, 1)),
    "networks": ((2, 4, 8, 16, 32, 64), lambda n: ((64, 64, 10), 32, n)),
}


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `growth` of a profile: seconds and predicted bytes of a step on each axis."""
    series = []
    for done, (axis, (points, shape)) in enumerate(AXES.items()):
        progress(done, len(AXES), f"Growth with {axis}")
        seconds, sizes = [], []
        for point in points:
            layers, batch, networks = shape(point)
            kind = "population" if axis == "networks" else "step"
            case = Case("", kind, layers, batch, 4 * batch, networks)
            call = stepper(case, settings.seed, settings.threads)
            seconds.append(min(call() for _ in range(5)) * networks)
            ledger = predicted_bytes(mlp(list(layers)), OPTIMIZERS["adam"], batch)
            sizes.append(ledger.total * networks)
        first = len(points) // 3
        series.append(
            {
                "axis": axis,
                "x": list(points),
                "seconds": seconds,
                "bytes": sizes,
                "time_exponent": exponent(points[first:], seconds[first:]),
                "memory_exponent": exponent(points[first:], sizes[first:]),
                "from": points[first],
            }
        )
    return series


def exponent(x, y, level: float = 0.95) -> dict:
    """{value, low, high} of the power a in y ~ x^a, with Student's t interval.

    Ordinary least squares on logarithms: Draper & Smith (1998), section 1.4. Raises
    ValueError below three points.
    """
    from scipy.stats import linregress, t

    if len(x) < 3:
        raise ValueError(
            f"a power law needs at least 3 points to be judged, not {len(x)}"
        )
    fit: Any = linregress(np.log(x), np.log(y))
    half = t.ppf((1 + level) / 2, len(x) - 2) * fit.stderr
    value = float(fit.slope)
    return {"value": value, "low": float(value - half), "high": float(value + half)}
