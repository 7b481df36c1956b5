"""The three verdicts on speed: their signs, colours and words."""

from collections import Counter

from ..verdicts import ShownVerdict
from .content import compared

FASTER, SLOWER, UNDECIDED = "faster", "slower", "no difference shown"
_ALL = (
    ShownVerdict(
        FASTER,
        "●",
        "o",
        True,
        "#0072B2",
        "gradclinic takes less time: more than 3 %, and chance is ruled out"
        " (p < .002).",
    ),
    ShownVerdict(
        SLOWER,
        "▼",
        "v",
        True,
        "#D55E00",
        "gradclinic takes more time, in the same sense.",
    ),
    ShownVerdict(
        UNDECIDED,
        "◇",
        "D",
        False,
        "#B87800",
        "Neither could be shown so strictly; a 95 % interval beside 1 is not enough."
        " That does not mean equally fast.",
    ),
)
VERDICTS = {verdict.name: verdict for verdict in _ALL}


def verdict_of(row):
    """The verdict of a row with a ratio; a word that is not known decides nothing."""
    return VERDICTS.get(row.get("verdict"), VERDICTS[UNDECIDED])


def tally(cases):
    """[(verdict, how many)] over all comparisons, each of the three, also where 0."""
    counts = Counter(verdict_of(row).name for case in cases for row in compared(case))
    return [(verdict, counts[verdict.name]) for verdict in _ALL]
