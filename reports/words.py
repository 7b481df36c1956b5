"""Numbers in human words: factors, percentages, bytes and seconds a reader can say."""

import re
from math import floor, isfinite, log10

from .sortable import sortable

MISSING = "–"
# A no-break space keeps a number and its unit on one line.
_GLUE = "\N{NO-BREAK SPACE}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@sortable
def number(value):
    """A number to three digits: 0.0488, 12.1, 1,797, −3, 1.2×10⁻⁷; – where none."""
    if value is None or isinstance(value, bool) or not isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    sign = "\N{MINUS SIGN}" if value < 0 else ""
    size = abs(value)
    exponent = floor(log10(size))
    if not -4 <= exponent < 6:
        return sign + _scientific(size)
    if size >= 999.5:
        return f"{sign}{size:,.0f}"
    return sign + _trimmed(f"{size:.{max(0, 2 - exponent)}f}")


@sortable
def factor(value):
    """A ratio to three digits, zeros kept, so that a column lines up: 0.90, 1.00, 41.9.

    Above 999.5 as `number`.
    """
    if value is None or not isfinite(value):
        return MISSING
    size = abs(value)
    if size >= 999.5:
        return number(value)
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    digits = 3 if 0 < size < 0.0995 else digits
    return f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def factors(low, high):
    """An interval of ratios: 0.87 to 0.92; empty where an end is missing."""
    if low is None or high is None:
        return ""
    return f"{factor(low)} to {factor(high)}"


@sortable
def times(value):
    """A ratio as what a number is multiplied by: ×0.43, ×13.2, ×143, ×7.8×10⁻⁷."""
    return f"×{_fold(value)}" if _known(value) else MISSING


def times_between(low, high):
    """An interval of ratios for brackets: .27 to .68; None is no bound."""
    if not _known(low) and not _known(high):
        return ""
    if not _known(high):
        return f"{_bare(low)} or more"
    if not _known(low):
        return f"{_bare(high)} or less"
    return f"{_bare(low)} to {_bare(high)}"


@sortable
def rounded(value):
    """A number to two digits, for what is known no better: 0.13, 1.2, 14, 230."""
    return number(float(f"{value:.2g}")) if _known(value) else MISSING


@sortable
def signed(value, unit=""):
    """A difference with its sign: +3.2 points, −0.012 nats, 0."""
    if not _known(value):
        return MISSING
    said = _amount(value, unit)
    tail = f"{_GLUE}points" if unit == "share" else ""
    return f"+{said}{tail}" if value > 0 else f"{said}{tail}"


def signed_between(low, high, unit=""):
    """An interval of differences for brackets: 1.1 to 5.3; None is no bound."""
    ends = [_amount(end, unit) if _known(end) else "no bound" for end in (low, high)]
    return "" if not _known(low) and not _known(high) else " to ".join(ends)


def power(exponent):
    """Ten to an integer exponent: 10⁶."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


@sortable
def plain_number(value):
    """A number that names something, as a seed does: 3000, without a comma."""
    return str(value) if isinstance(value, int) else number(value)


@sortable
def percent(share):
    """A share of 1 as a percentage: 4.9 %, 31 %."""
    if share is None:
        return MISSING
    value = 100 * share
    if abs(value) >= 1000:
        value = float(f"{value:.3g}")
    digits = 1 if abs(value) < 9.95 else 0
    text = _trimmed(f"{value:,.{digits}f}").replace("-", "\N{MINUS SIGN}")
    return f"{text}{_GLUE}%"


@sortable
def size(value):
    """Bytes in decimal units: 512 bytes, 12.3 kB, 44 MB, 1.2 GB."""
    if value is None:
        return MISSING
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if abs(value) >= unit:
            return f"{number(float(value) / unit)}{_GLUE}{name}"
    return f"{number(round(value))}{_GLUE}bytes"


@sortable
def duration(seconds):
    """Seconds in the unit one would say: 12 µs, 340 ms, 2.3 s, 3.4 min, 2.1 h."""
    if seconds is None:
        return MISSING
    steps = ((7200, 3600, "h"), (120, 60, "min"), (1, 1, "s"), (1e-3, 1e-3, "ms"))
    for start, unit, name in steps:
        if seconds >= start:
            return f"{number(seconds / unit)}{_GLUE}{name}"
    return f"{number(float(seconds) * 1e6)}{_GLUE}µs"


@sortable
def quantity(value, unit=""):
    """A number with its unit; bytes, seconds and shares in their own words."""
    if value is None:
        return MISSING
    known = {"bytes": size, "s": duration, "seconds": duration, "share": percent}
    if unit in known:
        return known[unit](value)
    return f"{number(value)}{_GLUE}{unit}" if unit else number(value)


def headed(text):
    """A text with a large first letter; the others stay: AUC is no Auc."""
    return text[:1].upper() + text[1:]


def glued(text):
    """Text whose percentages do not break: 5% and 5 % alike."""
    return re.sub(r"(\d)\s*%", rf"\1{_GLUE}%", text)


def count(n, noun, plural=None):
    """A counted noun: no fix, 1 fix, 3 fixes."""
    word = noun if n in (0, 1) else plural or noun + "s"
    return f"{n or 'no'} {word}"


def joined(items):
    """Items as prose: a, b and c."""
    *first, last = items or [MISSING]
    return f"{', '.join(first)} and {last}" if first else last


def accuracy_like(metric):
    """Is a difference of this metric one of percentage points?"""
    return metric.get("unit") in ("share", "points") or "accuracy" in metric["label"]


def _known(value):
    return value is not None and isfinite(value)


def _fold(value):
    """A ratio to two decimals, or two digits below 0.1, one decimal from ten on.

    Of a whole power of ten, far from one, the power alone.
    """
    if value == 0:
        return "0"
    if not 9.5e-5 <= value < 99_950:
        return _scientific(value).removeprefix("1.0×")
    if value < 0.0995:
        return f"{value:.{1 - floor(log10(value))}f}"
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:,.{digits}f}"


def _bare(value):
    """As within brackets, where the zero before the point is left out."""
    return _fold(value).removeprefix("0") if value else "0"


def _amount(value, unit):
    """A difference of shares in points, of anything else in its unit."""
    if unit == "share":
        return f"{100 * value:.1f}".replace("-", "\N{MINUS SIGN}")
    return quantity(value, unit)


def _trimmed(digits):
    """Digits without the zeros that say nothing: 0.100 becomes 0.1."""
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _scientific(value):
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}×{power(int(exponent))}"
