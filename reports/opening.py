"""Three sentences: the trouble, how it looks, and what to try first."""

from .effect import said_of
from .elsewhere import carried, harmful
from .verdicts import best_fixes
from .words import count


def opening(result):
    """(what it is, how to recognise it, what to try first) of a result, as sentences.

    The second is empty where an earlier version stored the result.
    """
    return result["problem"], result["symptom"].get("look", ""), first_to_try(result)


def first_to_try(result):
    """The one thing to do by this evidence, at which strength, and what it gains."""
    best = best_fixes(result)
    if not best:
        return "Nothing that was tried here is shown to help without harm."
    first, *others = best
    own = best_fixes(result, "without_new_data")
    said = f"If you can do only one thing: {_told(first, result)}{_tied(others)}"
    if own and own[0] not in best:
        said += f"; without new data, {_told(own[0], result)}{_tied(own[1:])}"
    return f"{said}.{_elsewhere(own or best, result)}"


def _elsewhere(fixes, result):
    """How the first fix did on other data, a sentence; "" where it was not tried."""
    found = carried(result, fixes[0]["name"])
    if not found:
        return ""
    helped, cases = found
    worse = harmful(result, fixes[0]["name"])
    harm = f", and does worse in {worse}" if worse else ""
    return (
        f" On other data and at other strengths, “{fixes[0]['label']}” helps in"
        f" {helped or 'none'} of {count(cases, 'case')}{harm}."
    )


def _told(fix, result):
    """A fix with its strength and its effect: “Dropout” (rate 0.5; test loss ×0.8)."""
    about = [fix["strength"]] if fix.get("strength") else []
    about.append(f"{result['metric']['label']} {said_of(fix, result['metric'])}")
    return f"“{fix['label']}” ({'; '.join(about)})"


def _tied(others):
    if not others:
        return ""
    count = "one other fix" if len(others) == 1 else f"{len(others)} other fixes"
    return f", which ties with {count}"
