"""A trouble by name, with its evidence and what to do next."""

from dataclasses import dataclass, field
from typing import Any

# Weights of `Finding` up to which a trouble is of a kind, and what readers call it.
KINDS = (
    (9, "spoils the answer"),
    (49, "hurts training"),
    (79, "seen in training"),
    (99, "worth knowing"),
)


@dataclass(frozen=True)
class Finding:
    """What a check or a detector found.

    code: `GC101`, by which it is muted; name: short, for code; title: for readers.
    weight: place among the troubles, 0 first; see `KINDS`. evidence, next_step: one or
    two sentences each. columns: those concerned, the worst first; drops: those that
    training leaves out because of it. numbers: what the evidence rests on.
    """

    code: str
    name: str
    title: str
    weight: int
    evidence: str
    next_step: str
    columns: tuple[str, ...] = ()
    drops: tuple[str, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return next(kind for most, kind in KINDS if self.weight <= most)


def named(columns, most: int = 3) -> str:
    """Columns in a sentence: “a”, “b” and 3 more; a long name is cut."""
    shown = [f"“{short(str(name))}”" for name in columns[:most]]
    rest = len(columns) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if shown[1:] else shown[0]


def short(text: str, most: int = 40) -> str:
    """Text on one line, at most `most` characters long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def plural(n: int, noun: str) -> str:
    """1 column, 3 columns."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
