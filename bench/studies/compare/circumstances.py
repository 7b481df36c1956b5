"""What differs around two results: what makes another question, and what does not."""

from typing import Any

from ....reports.machine import facts

_PRESETS = {"quick": "a quick look", "full": "in full"}


def asked(question: dict[str, Any]) -> dict[str, str]:
    """What must be the same in both for a fix's effect to mean the same, in words."""
    metric = question["metric"]
    same = {
        "Metric": metric["label"],
        "Scale of effects": "ratios" if metric["scale"] == "log" else "differences",
        "Better": metric["better"],
    }
    if question["kind"] == "diagnose":
        table = question["table"]
        trial = question["network"]["trial"]
        same |= {
            "Task": table["task"],
            "Rows": f"{table['rows']:,}",
            "Inputs": f"{table['inputs']:,}",
            "Rows are split": str(table["split_by"]),
        }
    else:
        trial = question["trial"]
        same["Data set"] = str(question["data"])
    return same | {f"Baseline: {name}": str(said) for name, said in trial.items()}


def settings(question: dict[str, Any]) -> dict[str, str]:
    """How it was made: version, seed, whole or quick, smallest effect, machine."""
    settings = question.get("settings") or {}
    preset = question.get("preset")
    quick = settings.get("quick")
    preset = preset or (None if quick is None else ("quick" if quick else "full"))
    told = {
        "Version": question["version"],
        "Master seed": question.get("seed", settings.get("seed")),
        "Runs": _PRESETS.get(preset, preset) if preset else None,
        "Smallest effect that matters": question.get("delta_label"),
        "Checks left out": ", ".join(settings.get("mute") or ()) or None,
    }
    known = {name: str(said) for name, said in told.items() if said is not None}
    return known | dict(facts(question["machine"]))


def differing(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    """[{what, before, after}] of what is not the same; None where one lacks it."""
    return [
        {"what": name, "before": before.get(name), "after": after.get(name)}
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    ]
