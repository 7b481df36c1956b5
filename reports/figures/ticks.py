"""Axis ticks in plain text: no mathematical markup, which would not be text in SVG."""

from math import exp, expm1, log, log1p, log10

from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from ..words import change, number, percent, power

_PERCENTAGES = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01)
_FACTORS = sorted((d * 10**k for k in range(7) for d in (2, 3, 5, 10)), reverse=True)


def scale_axis(axes, which, scale, values):
    """Set the scale of an axis, `x` or `y`, and ticks that fit its finite values.

    A log scale without positive values is linear.
    """
    axis = getattr(axes, f"{which}axis")
    positive = [value for value in values if value > 0]
    if scale == "log" and positive:
        getattr(axes, f"set_{which}scale")("log", nonpositive="mask")
        decades = log10(max(positive)) - log10(min(positive))
        axis.set_major_locator(_log_locator(decades))
        axis.set_minor_formatter(NullFormatter())
    else:
        axis.set_major_locator(_round_steps())
    axis.set_major_formatter(FuncFormatter(_label))
    axis.set_minor_locator(NullLocator())


def _round_steps():
    return MaxNLocator(4, steps=[1, 2, 2.5, 5, 10])


def _log_locator(decades):
    """Whole decades over a long span, 1-2-5 over a short one, even steps below."""
    if decades < 0.6:
        return _round_steps()
    digits = (1, 2, 5) if decades < 1.5 else (1, 3) if decades < 2.5 else (1,)
    return LogLocator(base=10, subs=digits, numticks=7)


def _label(value, _):
    mantissa, exponent = f"{value:.3e}".split("e")
    if float(mantissa) == 1 and not -4 <= int(exponent) < 5:
        return power(int(exponent))
    # Steps of a locator carry rounding errors: 0.30000000000000004.
    return number(round(value, 12) if abs(value) > 1e-6 else value)


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
