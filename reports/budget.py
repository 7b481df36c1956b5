"""What a run within a time left out, as the index says it."""

from . import words


def left_out(results):
    """Sentences on the last run within a time; None where the time was not limited.

    What was run since is no longer left out.
    """
    limited = [result for result in results if result.get("budget")]
    if not limited:
        return None
    last = max(limited, key=lambda result: result["created"])["budget"]
    there = {result["scenario"] for result in results}
    missing = [each for each in last["left_out"] if each["scenario"] not in there]
    presets = {each["scenario"]: each["preset"] for each in last["ran"]}
    looks = sum(preset == "quick" for preset in presets.values())
    said = (
        f"This was run within {words.duration(last['seconds'])}: {len(presets)}"
        f" {'scenario' if len(presets) == 1 else 'scenarios'}"
        f"{f', {looks} as a quick look' if looks else ''}."
    )
    if not missing:
        return f"{said} {last['rule']}"
    named = [f"{each['title']} (about {_coarse(each['quick'])})" for each in missing]
    return (
        f"{said} Left out, with the time of a quick look: {words.joined(named)}."
        f" {last['rule']} The same command goes on with them."
    )


def _coarse(seconds):
    """A forecast, to two digits."""
    return words.duration(float(f"{seconds:.2g}"))
