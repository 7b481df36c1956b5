"""Columns of free text, or of more categories than can be encoded."""

from .finding import Finding, named

CODE, TITLE, WEIGHT = "GC105", "Text that is not used", 90


def check(look):
    """A column of text has more than 50 different values, or hardly any twice."""
    found = [c for c in look.columns if c.kind == "text"]
    if not found:
        return None
    names = [c.name for c in found]
    distinct = len({value for value in found[0].values if value is not None})
    return Finding(
        CODE,
        "text",
        TITLE,
        WEIGHT,
        f"{named(names)}: {distinct:,} different texts in {look.table.rows:,} rows."
        " Left out of training.",
        "Make numbers or a few categories of it, such as a length, a prefix or a"
        " count.",
        tuple(names),
        tuple(names),
        {"distinct": distinct},
    )
