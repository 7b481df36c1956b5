"""At which strength each fix was judged, and how that was chosen, in words."""

from itertools import pairwise

from . import words
from .figures import dose_picture
from .figures.doses import law_at
from .verdicts import remedies


def doses(result, out):
    """What the section on doses shows, None where nothing was tuned.

    rate: a sentence on the baseline's learning rate, empty where it was not tuned.
    laws: (label, sentences) on what more rows bring. rows: (label, what is dosed, what
    was tried, the chosen dose, a note) of each fix.
    """
    tuned = [fix for fix in remedies(result) if (fix.get("dose") or {}).get("tuned")]
    rate = result.get("rate")
    if not tuned and not (rate and rate["tuned"]):
        return None
    known = [fix["dose"] for fix in tuned] + [rate] * bool(rate)
    return {
        "metric": known[0]["metric"] + _among(known[0]),
        "seeds": known[0]["seeds"],
        "trainings": f"{result['trainings']:,}",
        "rate": _rate(rate),
        "rows": [_row(fix) for fix in tuned],
        "laws": [_law(fix) for fix in tuned if fix["dose"].get("law")],
        "picture": dose_picture(tuned, result, out) if tuned else None,
    }


def _among(dose):
    """Which doses the best was taken from, empty where from all."""
    if not dose.get("harmless"):
        return ""
    points = words.number(100 * dose["harmless"])
    return (
        f" among those that lose at most {points} points on validation rows (where none"
        " does, the dose that loses least)"
    )


def _rate(rate):
    if not rate or not rate["tuned"]:
        return ""
    tried = [dose for dose, *_ in rate["curve"]]
    return (
        f"The baseline’s learning rate was tuned first, over {len(tried)} rates from"
        f" {words.number(tried[0])} to {words.number(tried[-1])}: the best is"
        f" {words.number(rate['chosen'])}.{_beyond(rate)} So no fix wins by mending a"
        f" rate that is wrong by more than a factor of {_apart(tried)}, the step"
        " between two of them."
    )


def _apart(rates):
    """The largest ratio of two neighbours."""
    return words.number(max(b / a for a, b in pairwise(rates)))


def _row(fix):
    dose = fix["dose"]
    tried = [words.number(value) for value, *_ in dose["curve"]]
    note = (
        "the usual"
        if dose["chosen"] == dose["usual"]
        else (f"usual: {words.number(dose['usual'])}")
    )
    return (
        fix["label"],
        dose["name"],
        ", ".join(tried),
        words.number(dose["chosen"]),
        f"{note[0].upper()}{note[1:]}.{_beyond(dose)}",
    )


def _law(fix):
    """(label, sentences): the power law of a learning curve, and what halves it."""
    law, metric = fix["dose"]["law"], fix["dose"]["metric"]
    floor, half = (
        f"{words.number(law[name][0])} ({_ends(law[name])})"
        for name in ("floor", "half")
    )
    exponent, *ends = (f"−{words.number(n)}" for n in law["exponent"])
    first, last = law["rows"][0], law["rows"][-1]
    fitted = (
        f"A power law was fitted to the {metric} from {first:,} to {last:,} rows"
        f" (dash-dotted): what lies above the floor {floor} falls with the number of"
        f" rows to the power {exponent} ({' to '.join(ends[::-1])})."
        f"{_misses(fix['dose'])}"
    )
    if law["told"]:
        rows = words.rounded(law["half"][0] * first)
        wanted = (
            f"Half of it is gone with {half} times the rows of the baseline, {rows} in"
            " all."
        )
    else:
        wanted = (
            "With how many rows half of it is gone cannot be told: the interval reaches"
            f" beyond {last:,} rows."
        )
    return (
        fix["label"],
        f"{fitted} {wanted} The intervals, 95 %, are from a bootstrap over"
        f" {law['seeds']} seeds, widened for so few.",
    )


def _misses(dose):
    """How far the law lies from what was measured at the doses, at the worst."""
    law, curve = dose["law"], dose["curve"]
    far = max(
        abs(law_at(law, rows) / value - 1)
        for rows, (_, value, *_) in zip(law["rows"][-len(curve) :], curve, strict=True)
    )
    return f" It misses what was measured by up to {words.percent(far)}."


def _ends(interval):
    return " to ".join(words.number(end) for end in interval[1:])


def _beyond(dose):
    """What is said where the best lies at the end of what was tried."""
    return " The best lies at the end of the range." if dose["edge"] else ""
