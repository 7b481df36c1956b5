"""Ticks of an axis of effects: four or more, all ratios or all differences."""

from math import ceil, exp, log, log10

from matplotlib.ticker import MaxNLocator

from ..words import accuracy_like, number, power

LEAST = 4


def effect_ticks(low, high, metric):
    """[(effect, label)] between two effects, four or more and all of one kind.

    On the log scale ratios to the baseline, ×0.5; on the linear scale differences with
    their sign. low, high: effects, positive is better, with 0 between them.
    """
    sign = -1 if metric["better"] == "lower" else 1
    if metric["scale"] == "log":
        for ratios in _ratio_steps(low, high):
            chosen = _spread([sign * log(r) for r in ratios], low, high)
            if len(chosen) >= LEAST:
                break
        return [(tick, _ratio_label(exp(sign * tick))) for tick in chosen]
    span = high - low
    locator = MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], min_n_ticks=LEAST)
    steps = [s for s in locator.tick_values(low, high) if low <= s <= high]
    steps = [0.0 if abs(step) < 1e-9 * span else float(step) for step in steps]
    return [(step, _difference_label(sign * step, metric)) for step in steps]


def _ratio_steps(low, high):
    """Lists of round ratios that may be ticks, the coarsest first; each holds 1."""
    most = ceil(max(-low, high) / log(10))
    decades = range(-most, most + 1)
    for every in (100, 50, 20, 10, 5, 2):
        yield [10.0**k for k in decades if k % every == 0]
    for digits in ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 5), (1, 1.5, 2, 3, 5, 7)):
        yield [d * 10.0**k for k in decades for d in digits]
    for step in (0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001):
        yield [1 + step * n for n in range(-round(1 / step) + 1, round(9 / step))]


def _spread(candidates, low, high):
    """No change, and candidates within bounds at a distance from one another."""
    gap = (high - low) / 6
    chosen = [0.0]
    for candidate in sorted(candidates, key=abs):
        inside = low <= candidate <= high
        if inside and all(abs(candidate - tick) >= gap for tick in chosen):
            chosen.append(candidate)
    return sorted(chosen)


def _ratio_label(ratio):
    """×0.5, ×1, ×20: a ratio that is round has no zeros behind it."""
    if not 1e-3 <= ratio < 1e4:
        return f"×{power(round(log10(ratio)))}"
    return f"×{number(round(ratio, 6))}"


def _difference_label(difference, metric):
    """+2, −4: in points where the metric is a share, else in its unit."""
    value = 100 * difference if accuracy_like(metric) else difference
    said = number(round(value, 12))
    return f"+{said}" if value > 0 else said
