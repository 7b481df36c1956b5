"""Start, compilation and diagnostics as small tables, and the machine, in words."""

from .. import words
from ..machine import facts
from .content import OURS, case_labels, engine_labels

_STARTS = {
    "first_step_seconds": (
        "First training step of a new process",
        "Everything was compiled before; from the start of Python.",
    ),
    "cold_compile_seconds": (
        "Compiling everything",
        "Once after an installation or an update; then it is loaded from disk.",
    ),
}
_TRAINED = "Network 64-64-10 on the digits, 20 epochs, batch 32, Adam, in one call."


def starts(content):
    """[(what, explanation, time)] of gradclinic's own start."""
    start = content["start"]
    rows = [
        (*said, words.duration(start[key]))
        for key, said in _STARTS.items()
        if start.get(key) is not None
    ]
    if start.get("trainings") and start.get("population_seconds") is not None:
        name = f"{start['trainings']:,} whole trainings"
        rows.append((name, _TRAINED, words.duration(start["population_seconds"])))
    elif start.get("population_1000_seconds") is not None:
        time = words.duration(start["population_1000_seconds"])
        rows.append(("1,000 whole trainings", _TRAINED, time))
    return rows


def compilations(content):
    """[(engine, least, most)]: how much longer the first call of a case takes."""
    labels, found = engine_labels(content), {}
    for case in content["cases"]:
        for row in ({"peer": OURS} | case["ours"], *case["rows"]):
            if row.get("compile_seconds") is not None:
                found.setdefault(row["peer"], []).append(row["compile_seconds"])
    return [
        (labels.get(peer, peer), words.duration(min(times)), words.duration(max(times)))
        for peer, times in found.items()
    ]


def diagnostics(content):
    """[(case, plain, with, ratio, interval)] of a step without and with diagnostics."""
    labels = case_labels(content)
    rows = []
    for entry in content["diagnostics"]:
        interval = words.factors(entry.get("low"), entry.get("high"))
        rows.append(
            (
                labels.get(entry["case"], entry["case"]),
                words.duration(entry.get("plain")),
                words.duration(entry.get("with")),
                (words.factor(entry.get("ratio")), interval),
            )
        )
    return rows


def costliest(content):
    """A sentence on the largest overhead of diagnostics; empty where none is known."""
    ratios = [entry.get("ratio") for entry in content["diagnostics"]]
    most = max((ratio for ratio in ratios if ratio), default=None)
    if most is None:
        return ""
    if most < 1.0005:
        return "All of them together cost no time that could be measured."
    return f"With all of them on, a step takes at most {words.times(most)} as long."


def machine(content):
    """[(name, text)]: facts on the machine, then the versions of what ran on it."""
    found = dict(facts(content["machine"]))
    if content["version"]:
        found[OURS] = content["version"]
    for peer in content["peers"]:
        if peer.get("version"):
            found.setdefault(peer.get("family") or peer["name"], peer["version"])
    return list(found.items())
