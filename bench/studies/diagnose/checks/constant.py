"""Columns that say the same of every row."""

from .finding import Finding, named, plural

CODE, TITLE, WEIGHT = "GC102", "Constant columns", 92


def check(look):
    """A column has one value, or none at all, in all rows."""
    found = []
    for column in look.columns:
        known = column.codes[~column.missing]
        if not known.size or (known[0] == known).all():
            # With gaps, whether a value is there may say something.
            if not known.size or not column.missing.any():
                found.append(column.name)
    if not found:
        return None
    return Finding(
        CODE,
        "constant",
        TITLE,
        WEIGHT,
        f"{plural(len(found), 'column')} with one value in all"
        f" {look.table.rows:,} rows: {named(found)}. Left out of training.",
        "Drop them, or find out why they do not vary.",
        tuple(found),
        tuple(found),
        {"columns": len(found)},
    )
