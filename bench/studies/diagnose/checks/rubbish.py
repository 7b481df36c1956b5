"""Entries that are no numbers in a column of numbers, and infinite ones."""

from .finding import Finding, named, plural, short

CODE, TITLE, WEIGHT = "GC101", "Entries that are no numbers", 8


def check(look):
    """A column of numbers holds text other than an empty cell, or an infinite value."""
    bad = {
        c.name: sum(n for _, n in c.rubbish) + c.infinite
        for c in look.columns
        if c.kind == "number" and (c.rubbish or c.infinite)
    }
    if not bad:
        return None
    worst = sorted(bad, key=lambda name: -bad[name])
    first = look.table.columns[worst[0]]
    texts = [f"“{short(text, 20)}” ({n:,})" for text, n in first.rubbish[:3]]
    if first.infinite:
        texts.append(f"infinite values ({first.infinite:,})")
    return Finding(
        CODE,
        "rubbish",
        TITLE,
        WEIGHT,
        f"{plural(sum(bad.values()), 'entry').replace('entrys', 'entries')} in"
        f" {named(worst)}: {', '.join(texts)}. They count as missing here.",
        "Find out what they stand for; put a number or leave the cell empty.",
        tuple(worst),
        numbers={"entries": sum(bad.values())},
    )
