"""Lists and intervals as one writes them in a sentence."""

from .. import words


def few(names, most=8):
    """Names as prose; of many only the first and how many more."""
    if len(names) <= most:
        return words.joined(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def either(items) -> str:
    """Items as an alternative: a, b or c."""
    *first, last = items
    return f"{', '.join(first)} or {last}" if first else last


def interval(numbers) -> str:
    """0.62 (0.51 to 0.7)."""
    value, low, high = numbers
    if low is None and high is None:
        return words.number(value)
    return f"{words.factor(value)} ({words.factor(low)} to {words.factor(high)})"


def share(numbers) -> str:
    """62 % (51 to 70 %)."""
    value, low, high = (words.percent(n) for n in numbers)
    return f"{value} ({low.removesuffix('%').rstrip()} to {high})"
