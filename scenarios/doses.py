"""The strengths that a fix may have, or the learning rates of a baseline."""

from dataclasses import dataclass

import numpy as np

# A step between two doses that ends this near to 0, beside them, was meant to be 0.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Doses:
    """Strengths to choose from, which rise.

    name: what is dosed, as `rate`. values: five to nine numbers. usual: what textbooks
    name; it is taken where nothing is tuned. scale: `log` steps by ratios, `linear` by
    differences. least, most: ends that no dose passes. ValueError on values that do
    not rise or lie beyond the ends.
    """

    name: str
    values: tuple[float, ...]
    usual: float
    scale: str = "log"
    least: float = -np.inf
    most: float = np.inf

    def __post_init__(self):
        rising = all(a < b for a, b in zip(self.values, self.values[1:], strict=False))
        if not rising or self.values[0] < self.least or self.values[-1] > self.most:
            raise ValueError(
                f"doses of {self.name} must rise from {self.least} to {self.most} at"
                f" most, got {self.values}"
            )

    def beyond(self, dose: float) -> float | None:
        """One step further than an end of the values; None for any other dose.

        None too where that would pass `least` or `most`, or be 0, which is no fix at
        all; whole numbers stay whole.
        """
        values = self.values if dose == self.values[-1] else self.values[::-1]
        if dose != values[-1]:
            return None
        last, before = values[-1], values[-2]
        step = last * last / before if self.scale == "log" else 2 * last - before
        if all(isinstance(value, int) for value in values):
            step = round(step)
        nothing = self.scale == "linear" and abs(step) <= _NOTHING * before
        inside = self.least <= step <= self.most and not nothing
        return step if inside and step not in values else None


def told(dose: float) -> str:
    """A dose as text: three digits, and never an exponent."""
    return np.format_float_positional(dose, precision=3, fractional=False, trim="-")


def rates(rate: float) -> Doses:
    """Learning rates around one, from a hundredth of it to ten times, two a decade."""
    values = tuple(float(f"{rate * 10 ** (k / 2):.2g}") for k in range(-4, 3))
    return Doses("learning rate", values, rate)
