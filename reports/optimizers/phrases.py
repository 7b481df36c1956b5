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


def failed_searches(count: int) -> str:
    """Searches that their own sweep of the rate beats: 2 searches that failed ..."""
    whose = "its" if count == 1 else "their"
    searches = words.count(count, "search", "searches")
    return f"{searches} that failed {whose} own check"


def interval(numbers) -> str:
    """0.62 (0.51 to 0.70); a number alone where its interval has no width."""
    value, low, high = numbers
    if low == high:
        return words.number(value)
    return f"{words.factor(value)} ({words.factor(low)} to {words.factor(high)})"
