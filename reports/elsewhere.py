"""The best fixes at other strengths of the trouble and on other data, in words."""

from dataclasses import dataclass

from . import words
from .effect import effect_of, first_of
from .verdicts import HELPS, VERDICTS, ShownVerdict

RATE = "rate_alone"


@dataclass(frozen=True)
class CaseRow:
    """Texts of a case: its data set and strength, the symptom, the baseline, the fixes.

    cells: (verdict, effect, its interval, strength or what fails) of each fix; None
    where it does not suit the data.
    """

    label: str
    symptom: str
    baseline: str
    cells: list[tuple[ShownVerdict, str, str, str] | None]


def elsewhere(result):
    """All that the template needs of the other cases; None where none was run."""
    found = result.get("elsewhere")  # earlier versions ran none
    if not found:
        return None
    ill = [case for case in found["cases"] if case["severity"] != "healthy"]
    sound = [case for case in found["cases"] if case["severity"] == "healthy"]
    fixes = _labels(ill)
    titles = {each["name"]: each["title"] for each in found["patients"]}
    return {
        "cause": _cause(ill, found["cause"]),
        "how": _how(ill),
        "verdicts": [VERDICTS[name] for name in _counted()],
        "patients": [(each["title"], each["about"]) for each in found["patients"]],
        "real": _apart(result["metric"], found["patients"]),
        "labels": list(fixes.values()),
        "tallies": [_tally(name, label, ill) for name, label in fixes.items()],
        "headline": headline(result),
        "symptom": _shown(ill),
        "free": any(case["symptom"]["refuted"] for case in ill),
        "sound": _sound(sound, titles, found.get("sound")),
        "absent": [
            f"{words.headed(name.replace('_', ' '))}: {why}"
            for name, why in found["absent"].items()
        ],
        "untried": _untried(found["untried"]),
        "rows": [_row(case, found, fixes, result["metric"]) for case in ill],
    }


def headline(result):
    """Which fixes help most often elsewhere, and the rate; "" where none was tried."""
    found = result.get("elsewhere")
    cases = [c for c in found["cases"] if c["fixes"]] if found else []
    labels = _labels(cases)
    counts = {name: carried(result, name) or (0, 0) for name in labels}
    alone, _ = counts.pop(RATE, (None, 0))
    if not counts:
        return ""
    helped, tried = max(counts.values())
    first = [name for name, count in counts.items() if count == (helped, tried)]
    named = words.joined([f"“{labels[name]}”" for name in first])
    verb, each = ("helps", "") if len(first) == 1 else ("help", " each")
    said = f"{named} {verb} most often elsewhere, in {helped} of {tried} cases{each}"
    said += _harmed([(name, labels[name]) for name in first], cases)
    if not helped:
        said = f"Elsewhere none of them is shown to help in any of {len(cases)} cases"
    if alone is None:
        return f"{said}."
    return f"{said}; the learning rate alone, tuned for each, does in {alone}."


def _harmed(fixes, cases):
    """In how many cases a fix that helps in others does worse; "" of none."""
    counts = [(label, _verdicts(cases, name).count("worse")) for name, label in fixes]
    told = [(label, count) for label, count in counts if count]
    if len(fixes) == 1:
        return "".join(f", and does worse in {count}" for _, count in told)
    return "".join(f"; “{label}” does worse in {count}" for label, count in told)


def _splits(metric, patients):
    """Is the metric one of rows, and are some rows those of splits of one table?"""
    of_rows = metric.get("rows", "test") is not None
    return of_rows and any(each["real"] for each in patients)


def _apart(metric, patients):
    """What is said of the intervals of splits of one table; "" where none are."""
    if not _splits(metric, patients):
        return ""
    if metric.get("censored"):
        return (
            "Where a target may be missed, intervals come from the sign test, which"
            " takes splits of a real table as independent: they speak of that table"
            " alone."
        )
    return (
        "Rows of a real table are few: their intervals allow for splits that share rows"
        " (Nadeau & Bengio 2003), and only large effects can be shown."
    )


def _how(cases):
    """At which doses, and on how many seeds, the fixes were judged; one sentence."""
    fixes = [fix for case in cases for fix in case["fixes"]]
    tuned = [(fix.get("dose") or {"tuned": False})["tuned"] for fix in fixes]
    judged = words.count(max((case["n"] for case in cases), default=0), "seed")
    if all(tuned):
        return f"Each fix was tuned anew on each, and judged on {judged}."
    if any(tuned):
        return f"Doses were tuned anew on each, and all fixes judged on {judged}."
    return f"Each fix was tried at its usual strength, and judged on {judged}."


def _labels(cases):
    """{name: label} of the fixes that were tried, the learning rate last."""
    found = {fix["name"]: fix["label"] for case in cases for fix in case["fixes"]}
    rate = {RATE: found.pop(RATE)} if RATE in found else {}
    return found | rate


def harmful(result, name):
    """In how many cases elsewhere a fix does worse."""
    found = result.get("elsewhere")
    return _verdicts(found["cases"], name).count("worse") if found else 0


def carried(result, name):
    """(cases in which a fix helps, cases it was tried in) elsewhere; None of none."""
    found = result.get("elsewhere")
    verdicts = _verdicts(found["cases"], name) if found else []
    helped = sum(verdict in HELPS for verdict in verdicts)
    return (helped, len(verdicts)) if verdicts else None


def _verdicts(cases, name):
    return [f["verdict"] for c in cases for f in c["fixes"] if f["name"] == name]


def _tally(name, label, cases):
    """(label, [how many cases a verdict]) of a fix, in the order of the verdicts."""
    verdicts = _verdicts(cases, name)
    return label, [verdicts.count(verdict) for verdict in _counted()]


def _counted():
    """The verdicts that a case is counted by."""
    return [name for name in VERDICTS if name != "not measurable"]


def _cause(cases, sentence):
    """What is done, and how strong it is: 10 (mild), 30 (clear) and 100 (severe)."""
    strengths = {case["severity"]: case["strength"] for case in cases}
    told = [f"{words.number(n)} ({severity})" for severity, n in strengths.items()]
    return f"{sentence.removesuffix('.')}: {words.joined(told)}."


def _untried(fixes):
    """The sentence on fixes that are as good and do not suit all data; "" of none."""
    if not fixes:
        return ""
    labels = words.joined([f"“{fix['label']}”" for fix in fixes])
    return f"{labels} {'does' if len(fixes) == 1 else 'do'} not suit these data."


def _shown(cases):
    """In how many cases the symptom is shown, absent, or neither."""
    shown = sum(case["symptom"]["fires"] for case in cases)
    absent = sum(case["symptom"]["refuted"] for case in cases)
    undecided = len(cases) - shown - absent
    said = f"The symptom is shown in {shown} of these {len(cases)} cases"
    if absent:
        said += f", and shown to be absent in {absent}"
    if undecided:
        said += f"; in {undecided} the seeds do not decide"
    return f"{said}."


def _sound(cases, titles, what):
    """What the rule says of the sound trainings beside; what: they are, where told."""
    wrong = [titles[c["patient"]] for c in cases if c["symptom"]["fires"]]
    if wrong:
        return (
            f"On the sound training of {words.joined(wrong)} the rule sees it too, so"
            " mistrust it there."
        )
    trainings = words.count(len(cases), "data set")
    said = f"On sound trainings of the same {trainings} the rule never sees it"
    return f"{said}: {what[0].lower()}{what[1:]}." if what else f"{said}."


def _row(case, found, fixes, metric):
    titles = {each["name"]: each["title"] for each in found["patients"]}
    tried = {fix["name"]: fix for fix in case["fixes"]}
    unit = "share" if words.accuracy_like(metric) else metric["unit"]
    return CaseRow(
        label=f"{titles[case['patient']]}, {case['severity']}",
        symptom=_symptom(case["symptom"]),
        baseline="fails"
        if case["baseline"] is None
        else words.quantity(case["baseline"], unit),
        cells=[_cell(tried.get(name), metric) for name in fixes],
    )


def _symptom(found):
    if found["fires"]:
        return "shown"
    return "absent" if found["refuted"] else "not decided"


def _cell(fix, metric):
    if fix is None:
        return None
    notes = [fix["strength"], *(["accuracy falls"] if fix["guardrail"] else [])]
    effect = effect_of(fix, metric)
    interval = effect.interval if effect.said else ""
    return VERDICTS[fix["verdict"]], first_of(fix, metric), interval, "; ".join(notes)
