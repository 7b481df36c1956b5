"""What the tables of the detectors' page say, as text."""

from .. import words
from ..also import name_of

OURS = "gradclinic"
SEVERITIES = ("mild", "clear", "severe")
UNITS = {"run": "one run", "group": "several seeds"}
WANTED = 0.95  # of precision and recall


def titles(content) -> dict[str, str]:
    """{detector: its name} of all detectors of the content."""
    names: list[str] = [rule["detector"] for rule in content["rules"]]
    return {name: words.headed(name_of(name)) for name in names}


def rater(rule) -> str | None:
    """Who says it, of what: ours of one run or of several; others of one run.

    None for the majority of runs of another tool, which stands in the table alone.
    """
    if rule["maker"] != OURS:
        return rule["maker"] if rule["unit"] == "run" else None
    return f"{OURS}, {UNITS[rule['unit']]}"


def scored(content):
    """[(detector, [(rule, who, cells at the clear strength)])], ours first."""
    found = {}
    for rule in sorted(content["rules"], key=lambda r: (r["maker"] != OURS, r["unit"])):
        score = at(rule, "clear")
        if not _asked(score):
            continue
        row = rule, rule["maker"], UNITS[rule["unit"]], cells(score)
        found.setdefault(rule["detector"], []).append(row)
    return [(name, found[name]) for name in titles(content) if name in found]


def cells(score):
    """Precision, recall and F1 with intervals, counts, epochs, as text."""
    counts = score["counts"]
    return {
        **{name: _share(score[name]) for name in ("precision", "recall", "f1")},
        "counts": f"{counts['tp']} / {counts['fn']}",
        "wrong": f"{counts['fp']} of {counts['fp'] + counts['tn']}",
        "healthy": f"{score['healthy'][0]} of {score['healthy'][1]}",
        "epochs": "–" if score["epochs"] is None else f"{score['epochs']:g}",
    }


def by_severity(content):
    """[(detector, who, unit, [(recall, F1) a severity])]: does strength matter?"""
    return [
        (
            rule["detector"],
            rule["maker"],
            UNITS[rule["unit"]],
            [
                (_share(s["recall"])[0], _share(s["f1"])[0])
                for s in (at(rule, severity) for severity in SEVERITIES)
            ],
        )
        for rule in content["rules"]
        if _asked(at(rule, "clear")) and (rule["maker"] == OURS or rater(rule))
    ]


def confusion(content):
    """[(trouble, {detector: (text, is it its own, may it?)})] at the clear strength."""
    rows = []
    for trouble in content["troubles"]:
        cells = {}
        for named in trouble["named"]:
            if named["severity"] != "clear":
                continue
            hits, of = named["fired"]
            own = named["detector"] == trouble["shows"]
            may = named["detector"] in trouble["may_show"]
            cells[named["detector"]] = (f"{hits}/{of}" if of else "–", own, may)
        rows.append((trouble, cells))
    return rows


def false_alarms(content):
    """{detector: (sound groups in which our rule fires, of how many)}."""
    ours = [r for r in content["rules"] if r["maker"] == OURS and r["unit"] == "group"]
    return {r["detector"]: at(r, "clear")["healthy"] for r in ours}


def at(rule, severity):
    """The scores of a rule at one strength of the cause."""
    return next(s for s in rule["scores"] if s["severity"] == severity)


def _asked(score):
    return score["counts"]["tp"] + score["counts"]["fn"] > 0


def _share(interval):
    value, low, high = interval
    if value is None:
        return "–", ""
    return f"{value:.2f}", f"{low:.2f} to {high:.2f}"
