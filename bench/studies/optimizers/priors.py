"""What random search draws: absolute ranges, the same uniforms for every optimizer.

Trial 0 is the optimizer's defaults; the first trials of a large budget are those of a
small one, so a budget of 1 is the defaults.
"""

from dataclasses import dataclass
from math import log10
from zlib import crc32

import numpy as np

from ....kernels.optimizer import Optimizer

# Learning rates by rule, (low, high) of a log-uniform law, in absolute units: at least
# four decades, whatever the default is. A comment says what is taken from where; the
# rest of each range is our own choice.
# Schmidt, Schneider & Hennig (2021), Descending through a crowded valley, ICML, search
# 1e-4 to 1 for Adam, AMSGrad, NAdam, RAdam, AdaBelief, RMSprop and Adagrad. We do the
# same for other rules whose steps do not grow with the gradient.
ADAPTIVE = (1e-4, 1.0)
RATES = {
    # Schmidt et al. search SGD and its momentum up to 1. We go to 10: the rate
    # multiplies a gradient, which may be small.
    **dict.fromkeys(
        ("sgd", "momentum", "nesterov", "gradient_descent", "asgd", "sam", "lookahead"),
        (1e-4, 10.0),
    ),
    # A decade above SGD. The README of the authors' code (schedule_free, by Defazio et
    # al., 2024) recommends 10 to 50 times the rates that are usual for SGD.
    "schedule_free_sgd": (1e-3, 100.0),
    **dict.fromkeys(
        (
            *("adam", "adamw", "adamax", "amsgrad", "nadam", "radam", "adabelief"),
            *("adan", "lamb", "rmsprop", "rmsprop_momentum", "rmsprop_centered"),
            *("rmsprop_centered_momentum", "adagrad", "schedule_free_adamw", "muon"),
            *("soap", "sophia_g", "lookahead_adamw", "rprop", "adafactor"),
        ),
        ADAPTIVE,
    ),
    # A decade below AdamW: Chen et al. (2023), section 5, use a third to a tenth of its
    # rate.
    "lion": (1e-5, 0.1),
    # A decade above Adagrad, our own choice: its preconditioner, too, is made of sums
    # over all steps (Gupta, Koren & Singer, 2018).
    "shampoo": (1e-3, 10.0),
    # The rate is a factor of a step that the rule finds itself. Around 1: Zeiler (2012)
    # has no such factor, and the authors' code of the other two sets it to 1 (Defazio &
    # Mishchenko, 2023; Mishchenko & Defazio, 2023).
    **dict.fromkeys(("adadelta", "dadaptation", "prodigy"), (1e-2, 100.0)),
    # The rate is a factor of the trust, 1e-3 by default (You, Gitman & Ginsburg, 2017).
    "lars": (1e-2, 100.0),
}
# A rule that nobody knows, as a user's: six decades, to a decade beyond its default.
UNKNOWN = (1e-5, 10.0)
# Decoupled weight decay; the decay of all others is a part of the gradient (L2).
DECOUPLED = {
    *("adabelief", "adafactor", "adamw", "adan", "dadaptation", "lamb", "lion", "muon"),
    *("lookahead_adamw", "prodigy", "schedule_free_adamw", "shampoo", "soap"),
    "sophia_g",
}
# A best rate in this share of its range at either end extends it by a decade.
EDGE, WIDENINGS = 0.05, 2


@dataclass(frozen=True)
class Prior:
    """A law of one hyper-parameter: log-uniform from low to high.

    complement: it is 1 - value that is so drawn. half: the value that half of the
    trials have instead, "default" the rule's own; None where all are drawn.
    """

    low: float
    high: float
    complement: bool = False
    half: float | str | None = None

    def values(self, u: np.ndarray, default: float) -> np.ndarray:
        """float64[n] of uniform numbers in [0, 1)."""
        share = u if self.half is None else np.maximum(2 * u - 1, 0.0)
        drawn = self.low * (self.high / self.low) ** share
        drawn = 1 - drawn if self.complement else drawn
        if self.half is None:
            return drawn
        instead = default if self.half == "default" else float(self.half)
        return np.where(u < 0.5, instead, drawn)


# By name, our own choices; the rest stay at their defaults.
PRIORS = {
    "beta1": Prior(5e-3, 0.5, complement=True),
    "momentum": Prior(5e-3, 0.5, complement=True),
    "eps": Prior(1e-10, 1e-3, half="default"),
}
DECAYS = {
    "coupled": Prior(1e-6, 1e-2, half=0.0),
    "decoupled": Prior(1e-5, 0.1, half=0.0),
}


@dataclass(frozen=True)
class Configuration:
    """One trial's hyper-parameters."""

    options: tuple[tuple[str, float], ...]

    @property
    def lr(self) -> float:
        return dict(self.options)["lr"]

    def scaled(self, factor: float) -> "Configuration":
        """The same with the learning rate times `factor`."""
        options = dict(self.options)
        return Configuration(tuple((options | {"lr": self.lr * factor}).items()))


def decades(optimizer: Optimizer) -> tuple[float, float]:
    """log10 of the learning rates between which an optimizer is searched at first."""
    known = RATES.get(optimizer.name)
    if known is None:
        default = float(optimizer.defaults["lr"])
        known = min(UNKNOWN[0], default / 10), max(UNKNOWN[1], default * 10)
    return log10(known[0]), log10(known[1])


def priors(optimizer: Optimizer) -> dict[str, Prior]:
    """{hyper-parameter: its law} of those that are drawn beside the learning rate."""
    kind = "decoupled" if optimizer.name in DECOUPLED else "coupled"
    every = PRIORS | {"weight_decay": DECAYS[kind]}
    return {name: law for name, law in every.items() if name in optimizer.defaults}


def uniforms(master: int, problem: str, name: str, count: int) -> np.ndarray:
    """float64[count] in [0, 1), a stream of its own for each hyper-parameter name."""
    key = [master, crc32(problem.encode()), crc32(name.encode())]
    return np.random.Generator(np.random.PCG64(key)).random(count)


def configurations(
    optimizer: Optimizer,
    problem: str,
    master: int,
    count: int,
    searched: tuple[float, float] | None = None,
) -> list[Configuration]:
    """The defaults, then count - 1 independent draws.

    searched: log10 of the learning rates between which to draw, `decades` unless given.
    """
    defaults = {name: float(value) for name, value in optimizer.defaults.items()}
    low, high = searched or decades(optimizer)
    columns = {
        "lr": 10 ** (low + (high - low) * uniforms(master, problem, "lr", count))
    }
    for name, law in priors(optimizer).items():
        u = uniforms(master, problem, name, count)
        columns[name] = law.values(u, defaults[name])
    drawn = [
        dict(zip(columns, map(float, row), strict=True))
        for row in zip(*columns.values(), strict=True)
    ]
    every = [defaults, *(defaults | options for options in drawn[1:])]
    return [Configuration(tuple(options.items())) for options in every]


def widened(lr: float, searched: tuple[float, float]) -> tuple[float, float] | None:
    """The range extended by a decade where lr is in its outer 5 % or beyond, else None.

    searched: log10 of the range.
    """
    low, high = searched
    place = (log10(lr) - low) / (high - low)
    if EDGE <= place <= 1 - EDGE:
        return None
    return (low - 1, high) if place < EDGE else (low, high + 1)
