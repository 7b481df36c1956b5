"""What a scenario's verdicts mean, in sentences for someone who reads nothing else."""

from .verdicts import HELPS, best_fixes
from .words import joined


def meaning(result):
    """Plain sentences: the trouble, what cured it, what did not, and at what price."""
    fixes = [fix for fix in result["fixes"] if fix["role"] == "fix"]
    sentences = [
        *_unfinished(result),
        _trouble(result),
        *_winners(fixes, result),
        *_failures(fixes),
        *_undecided(fixes),
        *_costs(fixes),
        _controls(result),
    ]
    return [sentence for sentence in sentences if sentence]


def _unfinished(result):
    if missing := result["missing_runs"]:
        yield (
            f"{missing} of {missing + result['runs']} runs were not started within the"
            " time allowed: what follows is not the whole answer."
        )


def _trouble(result):
    symptom = result["symptom"]
    if symptom["fires"]:
        return ""  # the rule and its signs stand on the page
    missing = [c["name"] for c in symptom["components"] if not c["fires"]]
    return (
        "The trouble was not confirmed, so read the verdicts below with care:"
        f" these runs leave open {joined(missing)}."
    )


def _names(fixes):
    return joined([f"“{fix['label']}”" for fix in fixes])


def _winners(fixes, result):
    cured = [fix for fix in fixes if fix["verdict"] == "cured"]
    relieved = [fix for fix in fixes if fix["verdict"] == "relieved"]
    if cured:
        yield f"Cured by {_names(cured)}."
    yield from _best(fixes, result)
    if relieved:
        verb = "helps" if len(relieved) == 1 else "help"
        yield f"{_names(relieved)} {verb}, but the symptom is not shown to be gone."
    if not cured and not relieved:
        yield "No fix was shown to help."


def _best(fixes, result):
    """What stands out, and what does without new data."""
    best, own = best_fixes(result), best_fixes(result, "without_new_data")
    helping = [fix for fix in fixes if fix["verdict"] in HELPS]
    if not best or len(helping) < 2:
        return
    yield f"Best: {_names(best)}. {result['best']['reason']}"
    if own and own != best:
        yield f"Best without new data: {_names(own)}."


def _failures(fixes):
    useless = [fix for fix in fixes if fix["verdict"] == "too small to matter"]
    harmful = [fix for fix in fixes if fix["verdict"] == "worse"]
    if useless:
        yield f"The effect of {_names(useless)} is too small to matter here."
    if harmful:
        yield f"{_names(harmful)} made things worse here."


def _undecided(fixes):
    open_cases = [fix for fix in fixes if fix["verdict"] == "inconclusive"]
    if open_cases:
        yield (
            f"For {_names(open_cases)} these seeds do not decide: neither an effect"
            " that matters nor its absence is shown."
        )


def _costs(fixes):
    def surely_dear(fix):
        interval = fix["seconds"]["interval"]
        return interval is not None and interval[1] > 2

    dear = [fix for fix in fixes if fix["verdict"] in HELPS and surely_dear(fix)]
    if dear:
        yield (
            f"The gain has a price: {_names(dear)} took more than twice the baseline's"
            " training time."
        )
    for fix in (fix for fix in fixes if fix["verdict"] in HELPS and fix["guardrail"]):
        harm = fix["guardrail"]
        yield f"{_names([fix])}: {harm[0].lower()}{harm[1:]}"


def _controls(result):
    if any(c["behaved"] is None for c in result["controls"]):
        return "Not all controls were run, so nothing here is certain yet."
    astray = [c for c in result["controls"] if not c["behaved"]]
    if not astray:
        return (
            "The controls behaved: a placebo and a fix for another trouble did not"
            " help, and a fix that must work did."
        )
    return (
        f"Read with care: the control {_names(astray)} did not behave as it must, so"
        " the test itself is in doubt here."
    )


def best_reason(fixes, names):
    """Why these fixes are the best; names: as in `best`, none where none helps."""
    tried = [fix for fix in fixes if fix["role"] == "fix"]
    if not any(fix["verdict"] in HELPS for fix in tried):
        return "No fix was shown to help."
    if not names:
        return "Each fix that helps does worse on test rows."
    (verdict,) = (fix["verdict"] for fix in tried if fix["name"] == names[0])
    rivals = [f for f in tried if f["verdict"] == verdict and not f["guardrail"]]
    if len(rivals) == 1:
        return f"It is the only fix that {'cures' if verdict == 'cured' else 'helps'}."
    if len(names) == 1:
        return (
            "Its effect is larger than any other's by more than what matters, and the"
            " paired interval of each difference excludes zero."
        )
    return (
        f"{len(names)} fixes tie: the paired intervals show no difference that matters"
        " from the one of the largest effect."
    )
