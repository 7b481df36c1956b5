"""What the tables of the detectors' page say, as text."""

OURS = "gradclinic"
SEVERITIES = ("mild", "clear", "severe")
_TITLES = {
    "overfitting": "Overfitting",
    "underfitting": "Underfitting",
    "slow_training": "Slow training",
    "divergence": "Divergence",
    "vanishing_gradient": "Vanishing gradient",
    "exploding_gradient": "Exploding gradient",
    "dead_relu": "Dead ReLU",
    "ill_conditioning": "Ill-conditioning",
}


def titles(content):
    """{detector: its name} of all detectors of the content."""
    names = [rule["detector"] for rule in content["rules"]]
    return {n: _TITLES.get(n, n.replace("_", " ").capitalize()) for n in names}


def rater(rule):
    """Who says it, of what: ours of one run or of several; others of one run.

    None for the majority of runs of another tool, which stands in the table alone.
    """
    if rule["maker"] != OURS:
        return rule["maker"] if rule["unit"] == "run" else None
    return f"{OURS}, {'one run' if rule['unit'] == 'run' else 'several seeds'}"


def scored(content):
    """[(detector, [(rule, who, cells at the clear strength)])], ours first."""
    found = {}
    for rule in sorted(content["rules"], key=lambda r: (r["maker"] != OURS, r["unit"])):
        score = _at(rule, "clear")
        if not _asked(score):
            continue
        unit = "one run" if rule["unit"] == "run" else "several seeds"
        row = rule, rule["maker"], unit, cells(score)
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
            "one run" if rule["unit"] == "run" else "several seeds",
            [
                (_share(s["recall"])[0], _share(s["f1"])[0])
                for s in (_at(rule, severity) for severity in SEVERITIES)
            ],
        )
        for rule in content["rules"]
        if _asked(_at(rule, "clear")) and (rule["maker"] == OURS or rater(rule))
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
    """(sound runs on which one of our rules on one run fires at least, of how many)."""
    ours = [r for r in content["rules"] if r["maker"] == OURS and r["unit"] == "group"]
    return [(r["detector"], *_at(r, "clear")["healthy"]) for r in ours]


def _at(rule, severity):
    return next(s for s in rule["scores"] if s["severity"] == severity)


def _asked(score):
    return score["counts"]["tp"] + score["counts"]["fn"] > 0


def _share(interval):
    value, low, high = interval
    if value is None:
        return "–", ""
    return f"{value:.2f}", f"{low:.2f} to {high:.2f}"
