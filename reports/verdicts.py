"""The six verdicts: their order, signs, colours and meanings."""

from collections import Counter
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Verdict:
    """How a verdict is shown.

    sign: a character beside the word; marker: the same shape in matplotlib; filled: is
    the marker solid; colour: of the Okabe-Ito palette (2008), safe for colour-blind
    readers. meaning: one sentence, with {delta} for the smallest effect of interest.
    """

    name: str
    sign: str
    marker: str
    filled: bool
    colour: str
    meaning: str

    @property
    def slug(self):
        return self.name.replace(" ", "-")


_ALL = (
    Verdict(
        "cured",
        "●",
        "o",
        True,
        "#0072B2",
        "Better by more than {delta} on average, better beyond doubt (the whole"
        " interval lies on the good side), and the symptom is no longer shown.",
    ),
    Verdict(
        "relieved",
        "◆",
        "D",
        True,
        "#009E73",
        "Better in the same sense, but the symptom still shows.",
    ),
    Verdict(
        "no effect",
        "□",
        "s",
        False,
        "#5F6368",
        "Shown to be too small to matter: the 90 % interval lies within {delta} of no"
        " change, on either side.",
    ),
    Verdict(
        "worse",
        "▼",
        "v",
        True,
        "#D55E00",
        "Worse by more than {delta} on average, and worse beyond doubt.",
    ),
    Verdict(
        "inconclusive",
        "◇",
        "D",
        False,
        "#B87800",
        "None of these could be shown; that is not the same as no effect.",
    ),
    Verdict(
        "not measurable",
        "×",
        "x",
        True,
        "#5F6368",
        "Too few runs ended with a number to say anything.",
    ),
)
VERDICTS = {verdict.name: verdict for verdict in _ALL}
HELPS = ("cured", "relieved")


def by_lower_bound(fixes):
    """Fixes from the surest gain to the surest loss.

    A missing bound is an infinite one for a fix that helps (the baseline has no finite
    value) and comes last for any other.
    """

    def rank(fix):
        low = fix["low"]
        if low is None:
            low = inf if fix["verdict"] in HELPS else -inf
        return -low, list(VERDICTS).index(fix["verdict"]), fix["label"]

    return sorted(fixes, key=rank)


def remedies(result):
    """The fixes that are judged, controls left out, surest gain first."""
    return by_lower_bound([fix for fix in result["fixes"] if fix["role"] == "fix"])


def best_fix(result):
    """The fix that the study names best; None where none was shown to help."""
    named = (fix for fix in remedies(result) if fix["name"] == result["best"])
    return next(named, None)


def tally(fixes):
    """[(verdict, how many)] of the verdicts that occur, in their order."""
    counts = Counter(fix["verdict"] for fix in fixes)
    return [(verdict, counts[verdict.name]) for verdict in _ALL if counts[verdict.name]]
