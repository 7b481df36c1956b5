"""What a learning-rate schedule declares, and the warm-up that multiplies any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from .bounds import ANY, Bounds
from .declaration import Declared
from .jit import jit
from .validation import check_choice, check_number

# Numbers a schedule may keep from epoch to epoch.
MEMORY = 5


def ignore(memory, loss, options):
    """The `observe` of a schedule that follows from the step alone."""


@dataclass(frozen=True)
class Schedule(Declared):
    """A rule, its options and what it makes of the losses; see `schedules`.

    defaults: options in their order; one whose default is a tuple takes any number of
    values and stands last. bounds: option -> `Bounds` of its values. source: paper and
    year. observe: `observe(memory, loss, options)` is called after each
    epoch with its validation loss, or its training loss where there is none.
    """

    registry: ClassVar = (".schedules", "SCHEDULES")

    name: str
    rule: Callable
    source: str
    defaults: dict = field(default_factory=dict)
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    observe: Callable = ignore

    def values(self, options):
        """float64[k]: the defaults under `options`; an error on a wrong one."""
        if not isinstance(options, Mapping):
            raise TypeError(
                f"schedule_options must be a dict of options by name, got {options!r}"
            )
        for name in options:
            check_choice(f"option of schedule {self.name!r}", name, self.defaults)
        merged = {**self.defaults, **options}
        parts = [self._numbers(name, value) for name, value in merged.items()]
        return np.array([number for part in parts for number in part], dtype=np.float64)

    def _numbers(self, name, value):
        bounds = self.bounds.get(name, ANY)
        if not isinstance(self.defaults[name], tuple):
            return [check_number(name, value, bounds)]
        if not isinstance(value, tuple | list) or not value:
            raise TypeError(f"{name} must be a tuple of numbers, got {value!r}")
        return [check_number(f"each of {name}", each, bounds) for each in value]


@jit
def warmed(factor, step, warmup):
    """The factor, times (step + 1) / warmup in the first `warmup` steps.

    Source: Goyal et al. (2017), section 2.2.
    """
    return factor * (step + 1) / warmup if step < warmup else factor
