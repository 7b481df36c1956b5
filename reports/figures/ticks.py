"""Axis ticks in plain text: no mathematical markup, which would not be text in SVG."""

from math import ceil, floor, log10

from matplotlib.ticker import (
    Formatter,
    Locator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from ..words import number, power


class LogTicks(Locator):
    """Four to six ticks of one kind: whole decades, 1-3, 1-2-5, else even steps."""

    _FEWEST, _MOST = 4, 6

    def __call__(self):
        low, high = sorted(self.axis.get_view_interval())  # type: ignore[union-attr]
        return self.tick_values(low, high)

    def tick_values(self, vmin, vmax):
        for digits in ((1,), (1, 3), (1, 2, 5)):
            found = _round_numbers(vmin, vmax, digits)
            if len(found) >= self._FEWEST:
                return found[:: ceil(len(found) / self._MOST)]
        steps = _round_steps().tick_values(vmin, vmax)
        return [step for step in steps if vmin <= step <= vmax]


def _round_numbers(low, high, digits):
    """The digits times powers of ten from low to high."""
    if not 0 < low < high:
        return []
    exponents = range(floor(log10(low)), ceil(log10(high)) + 1)
    numbers = (d * 10.0**exponent for exponent in exponents for d in digits)
    # Ends that rounding moved a little are still ends.
    return [n for n in numbers if low * (1 - 1e-9) <= n <= high * (1 + 1e-9)]


class PlainLabels(Formatter):
    """Numbers as the pages write them; powers of ten only where all ticks are."""

    def __call__(self, x, pos=None):
        return self.format_ticks([x])[0]

    def format_ticks(self, values):
        # Steps of a locator carry rounding errors: 0.30000000000000004.
        known = [round(v, 12) if abs(v) > 1e-6 else v for v in map(float, values)]
        exponents = [_exponent(value) for value in known]
        far = [e for e in exponents if e is not None and not -3 <= e < 5]
        if far and None not in exponents:
            return [power(exponent) for exponent in exponents]
        if any(0 < abs(value) < 1e-4 for value in known):
            return [_scientific(value) for value in known]
        return [number(value) for value in known]


def _exponent(value):
    """Of a whole power of ten, else None."""
    mantissa, exponent = f"{value:.6e}".split("e")
    return int(exponent) if float(mantissa) == 1 else None


def _scientific(value):
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{number(float(mantissa))}×{power(int(exponent))}" if value else "0"


def scale_axis(axes, which, scale, values, whole=False):
    """Set the scale of an axis, `x` or `y`, and ticks that fit its finite values.

    whole: the values are counts, so that no tick lies between two of them.

    A log scale without positive values is linear.
    """
    axis = getattr(axes, f"{which}axis")
    if scale == "log" and any(value > 0 for value in values):
        getattr(axes, f"set_{which}scale")("log", nonpositive="mask")
        axis.set_major_locator(LogTicks())
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(_round_steps(whole))
    axis.set_major_formatter(PlainLabels())
    axis.set_minor_locator(NullLocator())


def _round_steps(whole=False):
    return MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=4, integer=whole)
