"""Axis ticks in plain text: no mathematical markup, which would not be text in SVG."""

from math import ceil, exp, expm1, floor, log, log1p, log10

from matplotlib.ticker import (
    Formatter,
    Locator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from ..words import change, number, percent, power

_PERCENTAGES = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01)
_FACTORS = sorted((d * 10**k for k in range(7) for d in (2, 3, 5, 10)), reverse=True)


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


def scale_axis(axes, which, scale, values):
    """Set the scale of an axis, `x` or `y`, and ticks that fit its finite values.

    A log scale without positive values is linear.
    """
    axis = getattr(axes, f"{which}axis")
    if scale == "log" and any(value > 0 for value in values):
        getattr(axes, f"set_{which}scale")("log", nonpositive="mask")
        axis.set_major_locator(LogTicks())
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(_round_steps())
    axis.set_major_formatter(PlainLabels())
    axis.set_minor_locator(NullLocator())


def _round_steps():
    return MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=4)


def effect_ticks(low, high, metric):
    """[(effect, label)] between two effects, at changes that are easy to say."""
    if metric["scale"] == "log":
        chosen = _spread(_round_changes(metric["better"] == "lower"), low, high)
    else:
        steps = _round_steps().tick_values(low, high)
        chosen = [step for step in steps if low <= step <= high]
    return [(tick, _effect_label(tick, metric)) for tick in chosen]


def _round_changes(lower_is_better):
    """Effects of round factors and percentages, the large ones first."""
    sign = 1 if lower_is_better else -1
    for factor in _FACTORS:
        yield from (-log(factor), log(factor))
    for share in _PERCENTAGES:
        yield from (-sign * log1p(share), -sign * log1p(-share))


def _spread(candidates, low, high):
    """No change, and the candidates within bounds that keep a distance from it."""
    gap = (high - low) / 4.2
    chosen = [0.0]
    for candidate in candidates:
        inside = low <= candidate <= high
        if inside and all(abs(candidate - tick) >= gap for tick in chosen):
            chosen.append(candidate)
    return sorted(chosen)


def _effect_label(effect, metric):
    if abs(effect) < 1e-12:
        return "same"
    if metric["scale"] != "log":
        return change(effect, metric)
    falls = (effect > 0) == (metric["better"] == "lower")
    word = "lower" if falls else "higher"
    if abs(effect) > log(1.999):
        factor = exp(abs(effect))
        return f"{number(float(f'{factor:.3g}'))}× {word}"
    share = abs(expm1(-abs(effect) if falls else abs(effect)))
    return f"{percent(round(share, 4))} {word}"
