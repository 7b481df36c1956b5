"""The six verdicts: their order, signs, colours and meanings."""

from collections import Counter
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class ShownVerdict:
    """How a verdict is shown.

    sign: a character beside the word; marker: the same shape in matplotlib; filled: is
    the marker solid; colour: of the Okabe-Ito palette (2008), safe for colour-blind
    readers. meaning: one sentence; δ is the smallest effect that matters.
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
    ShownVerdict(
        "cured",
        "●",
        "o",
        True,
        "#0072B2",
        "Better by more than δ on average, confirmed (the whole interval lies on"
        " the better side), and the symptom is shown to be gone.",
    ),
    ShownVerdict(
        "relieved",
        "◆",
        "D",
        True,
        "#009E73",
        "Better in the same sense, but the symptom is not shown to be gone, or a"
        " guardrail failed.",
    ),
    ShownVerdict(
        "too small to matter",
        "□",
        "s",
        False,
        "#5F6368",
        "The 90 % interval lies within δ of no change, on either side. The gain"
        " may be sure, and yet small.",
    ),
    ShownVerdict(
        "worse",
        "▼",
        "v",
        True,
        "#D55E00",
        "Worse by more than δ on average, confirmed in the same way; or not shown to"
        " help while a guardrail failed.",
    ),
    ShownVerdict(
        "inconclusive",
        "◇",
        "D",
        False,
        "#B87800",
        "None of these could be shown. That is not the same as no effect.",
    ),
    ShownVerdict(
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


def best_fixes(result, among="fixes"):
    """The fixes that the study names best, which tie; none where none helps.

    among: `fixes`, or `without_new_data` for those that need no further rows.
    """
    names = (result["best"] or {}).get(among) or ()
    known = {fix["name"]: fix for fix in remedies(result)}
    return [known[name] for name in names if name in known]


def tally(fixes):
    """[(verdict, how many)] of the verdicts that occur, in their order."""
    counts = Counter(fix["verdict"] for fix in fixes)
    return [(verdict, counts[verdict.name]) for verdict in _ALL if counts[verdict.name]]
