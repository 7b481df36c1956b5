"""What the page and the terminal say of a comparison, as text."""

from collections import Counter

from .. import words
from ..effect import ShownEffect
from ..verdicts import VERDICTS

_SAID = {
    "helps more": "The fix helps more than before.",
    "helps less": "The fix helps less than before.",
    "too small to matter": "No change beyond δ: shown to be too small to matter.",
    "inconclusive": "A change is neither shown nor ruled out.",
    "identical": "Every seed gives the same number as before.",
    "not comparable": "The effects cannot be compared.",
}
_TARGETS = {"value": "the tuned baselines", "easy": "the easy target"}
_DIFFERENCES = "ratio", "difference"


def lead(content):
    """The answer in a sentence."""
    if not content["changed"]:
        compared = sum(
            len(question["fixes"])
            for pair in content["pairs"]
            for question in pair["questions"]
            if question["comparable"]
        )
        places = any(
            s["comparable"] for pair in content["pairs"] for s in pair["places"]
        )
        if not compared and not places:
            return "Nothing could be compared."
        return "Nothing changed."
    counts = Counter()
    for pair in content["pairs"]:
        counts += changes_in(pair)
    said = [words.count(n, noun) for noun, n in counts.items() if n]
    return f"{words.headed(words.joined(said))} changed."


def changes_in(pair):
    """How often what changed, by a noun: verdict, effect, symptom, trouble, place."""
    counts = Counter()
    for question in pair["questions"]:
        if not question["comparable"]:
            continue
        for fix in question["fixes"]:
            counts["verdict"] += fix["verdict_differs"]
            counts["effect"] += fix["change"] in ("helps more", "helps less")
        symptom, troubles = question["symptom"], question["troubles"]
        counts["symptom"] += bool(symptom and symptom["changed"])
        if troubles:
            counts["trouble"] += len(troubles["gone"]) + len(troubles["new"])
    for study in pair["places"]:
        for table in study["tables"]:
            counts["place"] += sum(row["changed"] for row in table["rows"])
    return counts


def question_view(question):
    """A question with the rows of its fixes in words: those that changed, others."""
    rows = [_row(fix, question) for fix in question["fixes"]]
    return question | {
        "changed_rows": [row for row in rows if row["changed"]],
        "other_rows": [row for row in rows if not row["changed"]],
        "counts": _counts(question),
        "tried": [fix for fix in question["fixes"] if fix["value"] is not None],
    }


def _counts(question):
    """2 too small to matter, 5 inconclusive: of the fixes that did not change."""
    kinds = Counter(f["change"] for f in question["fixes"] if not f["changed"])
    return ", ".join(f"{n} {kind}" for kind, n in kinds.items())


def _row(fix, question):
    metric = question["metric"]
    return fix | {
        "sides": [_side(fix[side], metric) for side in ("before", "after")],
        "shown": change_said(fix, metric),
        "said": said_of_fix(fix),
        "seeds": _seeds(fix),
        "control": fix["role"] != "fix",
    }


def _side(side, metric):
    effect, kind = side["effect"], _kind(metric)
    shown = ShownEffect(kind)
    if effect and kind in effect:
        value, low, high = effect[kind]
        shown = ShownEffect(kind, value, low, high, _unit(metric))
    return {
        "verdict": VERDICTS.get(side["verdict"]) or VERDICTS["inconclusive"],
        "effect": shown.whole or words.MISSING,
        "more": ", ".join(filter(None, (side["strength"], f"{side['n']} seeds"))),
    }


def change_said(fix, metric):
    """The change of an effect with its interval: ×1.10 (1.02 to 1.19)."""
    if fix["change"] == "identical":
        return "none"
    if fix["value"] is None:
        return words.MISSING
    kind = _kind(metric)
    shown = ShownEffect(kind, fix["value"], fix["low"], fix["high"], _unit(metric))
    unbounded = "" if shown.interval else " (no bounds)"
    return f"{shown.said}{unbounded}" if unbounded and shown.said else shown.whole


def said_of_fix(fix):
    """What the change means, in a sentence or two."""
    said = _SAID[fix["change"]]
    if not fix["verdict_differs"]:
        return said
    if fix["change"] in ("helps more", "helps less"):
        return f"{said} Its verdict differs too."
    return f"Another verdict, which may be chance. {said}"


def _seeds(fix):
    if fix["change"] in ("identical", "not comparable"):
        return ""
    if fix["how"] == "paired":
        return f"paired on {words.count(fix['n'], 'seed')}"
    return "independent seeds"


def _kind(metric):
    return _DIFFERENCES[metric["scale"] != "log"]


def _unit(metric):
    return "share" if words.accuracy_like(metric) else metric["unit"]


def delta_said(question):
    """The smallest change that matters, as a change of the effect."""
    return words.glued(question["delta_label"] or words.number(question["delta"]))


def places_title(table):
    """Places by one budget, clock and target."""
    trials = words.count(table["budget"], "trial")
    target = _TARGETS.get(table["target"], table["target"])
    return f"Places with {trials} each, by {table['clock']} to {target}"


def place(side):
    """A place with its interval: 3 (1 to 7); a shared one as 5–8."""
    first, last = side["first"], side["last"]
    said = f"{first}" if first == last else f"{first}–{last}"
    return f"{said} ({side['low']} to {side['high']})"


def pair_lines(content):
    """Lines for the terminal: each pair, what changed in it, and what could not be."""
    for pair in content["pairs"]:
        yield f"{pair['before']} and {pair['after']}:"
        for row in pair["circumstances"]:
            yield f"  {row['what']}: {row['before'] or '-'} / {row['after'] or '-'}"
        for question in pair["questions"]:
            yield from _question_lines(question)
        for study in pair["places"]:
            yield from _place_lines(study)
        for side in ("before", "after"):
            if pair[f"only_{side}"]:
                yield f"  only in {pair[side]}: {', '.join(pair[f'only_{side}'])}"
    yield lead(content)


def _question_lines(question):
    title = question["title"]
    if not question["comparable"]:
        names = ", ".join(row["what"].lower() for row in question["other"])
        yield f"  {title}: another question, not compared ({names})"
        return
    yield f"  {title}: {'changed' if question['changed'] else 'nothing changed'}"
    symptom, troubles = question["symptom"], question["troubles"]
    if symptom and symptom["changed"]:
        yield f"    symptom {symptom['before']} / {symptom['after']}"
    for word in ("gone", "new"):
        for trouble in troubles[word] if troubles else ():
            yield f"    {word}: {trouble}"
    for fix in question["fixes"]:
        if fix["changed"]:
            verdicts = fix["before"]["verdict"], fix["after"]["verdict"]
            told = " / ".join(dict.fromkeys(verdicts))
            shown = change_said(fix, question["metric"])
            yield f"    {fix['label']}: {told}; {fix['change']}, {shown}"


def _place_lines(study):
    if not study["comparable"]:
        names = ", ".join(row["what"].lower() for row in study["other"])
        yield f"  Optimizers: another field, not compared ({names})"
    for table in study["tables"]:
        for row in table["rows"]:
            if row["changed"]:
                sides = f"{place(row['before'])} / {place(row['after'])}"
                yield f"  {row['name']}: {places_title(table).lower()}: {sides}"
