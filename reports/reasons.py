"""Why a fix has its verdict, in one or two sentences."""

_SURE = "by more than what matters, and its interval excludes zero"
_PERHAPS = "something, but perhaps by less than what matters"
_SPLIT = (
    "by more than what matters, but its interval includes zero: the seeds disagree too"
    " much"
)
# What decided, by the names of `Verdict.why`; of `improves` and `spread` see below.
_SAID = {
    "too few": "Fewer than two seeds cannot tell luck apart.",
    "worsens": f"It worsens {_SURE}.",
    "same": "All {n} seeds give exactly the same result as the baseline.",
    "sure gain": "The gain is sure, and too small to matter.",
    "sure loss": "The loss is sure, and too small to matter.",
    "small": "Any effect is shown to be too small to matter.",
    "perhaps gain": f"It surely improves {_PERHAPS}.",
    "perhaps loss": f"It surely worsens {_PERHAPS}.",
    "split gain": f"It came out better {_SPLIT}.",
    "split loss": f"It came out worse {_SPLIT}.",
}
NOT_MEASURED = "Fewer than two seeds were measured, so nothing can be said."


def verdict_reason(why, fix):
    """The sentences on a fix that was measured; why: what decided, a name."""
    effect, n = fix["effect"], fix["n"]
    if effect["missed"] == effect["missed_baseline"] == n:
        return "It fails on every seed, as the baseline does: nothing is gained."
    said = _counts(effect, n) + _decided(why, fix)
    return f"{said} {fix['guardrail']}" if fix["guardrail"] else said


def harm(test_metric):
    """The sentence on a guardrail that fails, None where none is shown to."""
    if not test_metric or test_metric["not_worse"] is not False:
        return None
    name = test_metric["name"]
    point = "a point" if name == "accuracy" else "0.01"
    return f"On test rows {name} falls by over {point} (confirmed)."


def lost_runs(lost, runs, reason):
    """The note on runs that were not measured; reason: of the first."""
    return f"{lost} of {runs} runs were not measured: {reason}"


def _counts(effect, n):
    """How the pairs came out, where a median stands in for a mean."""
    if effect["kind"] != "censored":
        return ""
    return (
        f"Of {n} pairs of runs {effect['better']} are better, {effect['worse']} worse,"
        f" {effect['equal']} equal. "
    )


def _decided(why, fix):
    if why == "improves":
        return f"It improves {_SURE}{_symptom(fix)}."
    if why == "spread":
        return f"Neither an effect nor its absence is shown: {_spread(fix)}."
    return _SAID[why].format(n=fix["n"])


def _symptom(fix):
    if fix["refuted"]:
        return "; the symptom is refuted"
    shown = "still shows" if fix["symptom_fires"] else "is not refuted"
    return f", but the symptom {shown}"


def _spread(fix):
    spread = fix["sd_over_delta"]
    if spread is None:
        return "the seeds disagree too much"
    return f"the seeds spread by {spread:.1f} times the smallest effect that matters"
