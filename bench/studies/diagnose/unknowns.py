"""What could not be told, and how many rows or splits it would take."""

from math import ceil, sqrt
from typing import Any

from ...statistics.intervals import t_quantile

_MOST_SPLITS = 200


def unknowns(fixes: list[dict[str, Any]], context: dict[str, Any]) -> list[str]:
    """Sentences, the most important first; empty where nothing is open.

    context: rows, total, splits, overlap (judged / training rows), delta, comparisons,
    skipped ({label: reason}), poor (rows too few for the network to beat guessing).
    """
    found = []
    if context["total"] > context["rows"]:
        found.append(
            f"Only {context['rows']:,} of {context['total']:,} rows were looked at,"
            " drawn at random. Rare values and copies may be missed; --sample takes"
            " more."
        )
    open_fixes = [f for f in fixes if f["verdict"] == "inconclusive"]
    if open_fixes:
        found.append(_open(open_fixes, context))
    lost = [f for f in fixes if f["verdict"] == "not measurable"]
    found += [f"“{f['label']}” could not be measured: {f['note'] or ''}" for f in lost]
    found += [
        f"{label}: not tried, as {why}." for label, why in context["skipped"].items()
    ]
    if context["guessing"]:
        found.append(
            "Whether the features say anything of the target: the network is not"
            " shown to beat guessing. More rows, or other features, would tell."
        )
    return found


def _open(fixes, context):
    """One sentence for all fixes that the folds left open, with what would decide."""
    names = [f"“{fix['label']}”" for fix in fixes[:4]]
    more = len(fixes) - len(names)
    said = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    verb = "helps" if len(fixes) == 1 else "help"
    needed = [n for n in (needs(fix, context) for fix in fixes) if n]
    ask = ""
    if needed:
        splits = [n["splits"] for n in needed]
        rows = sorted(n["rows"] for n in needed)
        if all(splits):
            ask = f" That takes about {max(splits)} splits, not {context['splits']}."
        else:
            low, high = _rounded(rows[0]), _rounded(rows[-1])
            span = f"{low:,}" if low == high else f"{low:,} to {high:,}"
            ask = f" That takes about {span} rows, not {context['rows']:,}; more splits"
            ask += " of these rows would not tell."
    return f"Whether {said} {verb}: the intervals reach to both sides.{ask}"


def needs(fix: dict[str, Any], context: dict[str, Any]) -> dict[str, Any] | None:
    """{splits or None, rows} from which the interval is narrower than delta.

    The half width is t s sqrt(1/J + r), r = judged / training rows (Nadeau & Bengio
    2003). Splits J alone shrink it to t s sqrt(r) at most: where that is too wide,
    splits is None, and s is taken to fall as 1 / sqrt(rows).
    """
    if fix["sd_over_delta"] is None:
        return None
    s, r, level = fix["sd_over_delta"], context["overlap"], fix["level"]

    def width(j):
        return t_quantile(level, j - 1) * s * sqrt(1 / j + r)

    now = width(context["splits"])
    rows = ceil(context["rows"] * max(1.0, now) ** 2)
    choices = range(context["splits"], _MOST_SPLITS + 1)
    splits = next((j for j in choices if width(j) <= 1), None)
    return {"splits": splits, "rows": rows}


def _rounded(n):
    """Two significant digits: no more is known."""
    return int(float(f"{n:.2g}"))
