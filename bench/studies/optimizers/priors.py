"""What random search draws: the same uniforms for every optimizer.

Trial 0 is the optimizer's defaults; the first trials of a large budget are those of a
small one, so a budget of 1 is the defaults.
"""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from ....kernels.optimizer import Optimizer

# Hyper-parameters that are drawn, by name: (low, high) of a log-uniform law, and
# whether it is 1 - value that is so drawn. The rest stay at their defaults.
PRIORS = {
    "beta1": (5e-3, 0.5, True),
    "momentum": (5e-3, 0.5, True),
    "eps": (1e-10, 1.0, False),
    "weight_decay": (1e-6, 1.0, False),
}
# The learning rate, in decades around the default; and where its range ends in effect.
DECADES = (-2.0, 2.0)
EDGE = 0.05


@dataclass(frozen=True)
class Configuration:
    """One trial's hyper-parameters, and where its rate lies in its range.

    place: share of the range of log lr below it; None for the defaults.
    """

    options: tuple[tuple[str, float], ...]
    place: float | None = None

    @property
    def lr(self) -> float:
        return dict(self.options)["lr"]

    def scaled(self, factor: float) -> "Configuration":
        """The same with the learning rate times `factor`."""
        options = dict(self.options)
        return Configuration(tuple((options | {"lr": self.lr * factor}).items()))


def uniforms(master: int, problem: str, name: str, count: int) -> np.ndarray:
    """float64[count] in [0, 1), a stream of its own for each hyper-parameter name."""
    key = [master, crc32(problem.encode()), crc32(name.encode())]
    return np.random.Generator(np.random.PCG64(key)).random(count)


def configurations(
    optimizer: Optimizer,
    problem: str,
    master: int,
    count: int,
    decades: tuple[float, float] = DECADES,
) -> list[Configuration]:
    """The defaults, then count - 1 independent draws."""
    defaults = {name: float(value) for name, value in optimizer.defaults.items()}
    places = uniforms(master, problem, "lr", count)
    low, high = decades
    columns = {"lr": defaults["lr"] * 10 ** (low + (high - low) * places)}
    for name, (start, end, complement) in PRIORS.items():
        if name in defaults:
            u = uniforms(master, problem, name, count)
            drawn = np.exp(np.log(start) + u * np.log(end / start))
            columns[name] = 1 - drawn if complement else drawn
    drawn = [
        Configuration(
            tuple(
                {**defaults, **dict(zip(columns, map(float, row), strict=True))}.items()
            ),
            float(place),
        )
        for place, *row in zip(places, *columns.values(), strict=True)
    ]
    return [Configuration(tuple(defaults.items())), *drawn[1:]]


def widened(place: float | None, decades: tuple[float, float]):
    """The range extended by a decade where `place` is in its outer 5 %, else None."""
    low, high = decades
    if place is None or EDGE <= place <= 1 - EDGE:
        return None
    return (low - 1, high) if place < EDGE else (low, high + 1)
