"""What a scenario's verdicts mean, in sentences for someone who reads nothing else."""

import math

_HELPS = ("cured", "relieved")


def meaning(result):
    """Plain sentences: the trouble, what cured it, what did not, and at what price."""
    fixes = [fix for fix in result["fixes"] if fix["role"] == "fix"]
    sentences = [
        *_unfinished(result),
        _trouble(result),
        *_stopped(result),
        *_winners(fixes, result),
        *_failures(fixes),
        *_undecided(fixes),
        *_costs(fixes, result["symptom"]["detector"]),
        _controls(result),
    ]
    return [sentence for sentence in sentences if sentence]


def best_fix(judged, better):
    """The cure, or else the relief, with the highest lower bound; None without one.

    A fix that turns every failed run into a good one has no bound and counts as surest;
    among several such the better mean of the metric decides. better: `lower` or
    `higher`.
    """
    sign = -1 if better == "lower" else 1

    def rank(fix):
        value, low = fix["metric"]["mean"], fix["low"]
        return (
            fix["verdict"] == "cured",
            math.inf if low is None else low,
            -math.inf if value is None else sign * value,
        )

    helpful = [f for f in judged if f["role"] == "fix" and f["verdict"] in _HELPS]
    return max(helpful, key=rank, default=None)


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
        "The trouble was not shown beyond doubt, so read the verdicts below with care:"
        f" these runs leave open {_listed(missing)}."
    )


def _stopped(result):
    """Why a diverged baseline looks cheap."""
    if result["symptom"]["detector"] == "divergence" and result["symptom"]["fires"]:
        yield (
            "The baseline looks fast only because it stops as soon as its loss is no"
            " longer a number."
        )


def _listed(words):
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _names(fixes):
    return _listed([f"“{fix['label']}”" for fix in fixes])


def _winners(fixes, result):
    cured = [fix for fix in fixes if fix["verdict"] == "cured"]
    relieved = [fix for fix in fixes if fix["verdict"] == "relieved"]
    if cured:
        labels = {fix["name"]: fix["label"] for fix in fixes}
        best = labels[result["best"]]
        bounded = [fix for fix in cured if fix["low"] is not None]
        surest = f"; the surest gain came from “{best}”" if len(bounded) > 1 else ""
        yield f"Cured by {_names(cured)}{surest}."
    if relieved:
        verb = "helps, but the symptom stays" if len(relieved) == 1 else (
            "help, but the symptom stays"
        )  # fmt: skip
        yield f"{_names(relieved)} {verb}."
    if not cured and not relieved:
        yield "No fix helped beyond doubt."


def _failures(fixes):
    useless = [fix for fix in fixes if fix["verdict"] == "no effect"]
    harmful = [fix for fix in fixes if fix["verdict"] == "worse"]
    if useless:
        yield f"{_names(useless)} made no difference that matters here."
    if harmful:
        yield f"{_names(harmful)} made things worse here."


def _undecided(fixes):
    open_cases = [fix for fix in fixes if fix["verdict"] == "inconclusive"]
    if open_cases:
        yield (
            f"For {_names(open_cases)} these seeds decide nothing: neither an effect"
            " nor its absence is shown."
        )


def _costs(fixes, detector):
    dear = [
        fix
        for fix in fixes
        if fix["verdict"] in _HELPS and (fix["seconds"]["ratio"] or 0) > 2
    ]
    # A diverged baseline stops early: its time says nothing of what a fix costs.
    if dear and detector != "divergence":
        yield (
            f"The gain has a price: {_names(dear)} took more than twice the baseline's"
            " training time."
        )
    hurt = [
        fix
        for fix in fixes
        if fix["verdict"] in _HELPS
        and fix["test_metric"]
        and fix["test_metric"]["not_worse"] is False
    ]
    if hurt:
        yield (
            f"{_names(hurt)} lowered the {hurt[0]['test_metric']['name']} on test rows"
            " by more than a point."
        )


def _controls(result):
    if any(c["behaved"] is None for c in result["controls"]):
        return "Not all controls were run, so nothing here is certain yet."
    astray = [c for c in result["controls"] if not c["behaved"]]
    if not astray:
        return (
            "The controls behaved: a placebo and a fix for another trouble did not"
            " help, and a sure remedy did."
        )
    return (
        f"Read with care: the control {_names(astray)} did not behave as it must, so"
        " the test itself is in doubt here."
    )
