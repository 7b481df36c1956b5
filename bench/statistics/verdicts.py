"""What an effect with its interval says about a fix: exactly one of five verdicts."""

from dataclasses import dataclass

from .effects import Effect, check_delta

TOO_SMALL = "too small to matter"
VERDICTS = ("cured", "relieved", TOO_SMALL, "worse", "inconclusive")
# From this spread on, in units of delta, ten seeds are too few: an effect of 2 delta is
# then found two times out of three, at SD = 2 delta one time out of three.
WIDE_SPREAD = 1.5


@dataclass(frozen=True)
class Verdict:
    """One of `VERDICTS` and a plain sentence that says why."""

    name: str
    reason: str


def verdict(
    effect: Effect, delta: float, refuted: bool, symptom_fires: bool | None = None
) -> Verdict:
    """Judge a fix by its interval, the smallest effect of interest and the symptom.

    cured: low > 0, value > delta, and the symptom is refuted (`Detection.refuted`): a
    detector that merely no longer fires is not a cure. relieved: the first two only.
    worse: high < 0 and value < -delta. too small to matter: the 90 % interval lies
    inside +-delta, which is two one-sided tests at 5 %. inconclusive: anything else. No
    two can hold at once, as the value lies inside its intervals. Where the value is a
    median, more than half of all pairs must change by more than delta.
    symptom_fires: only for the sentence, None where it is not known.
    Source: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15. Raises
    ValueError on a delta that is not positive.
    """
    check_delta(delta)
    low, high, low90, high90 = effect.low, effect.high, effect.low90, effect.high90
    if low is None or high is None or low90 is None or high90 is None:
        return Verdict("inconclusive", "Fewer than two seeds cannot tell luck apart.")
    least, most = _least_and_most(effect)
    if low > 0 and least > delta:
        return _helps(effect, refuted, symptom_fires)
    if high < 0 and most < -delta:
        sure = "It worsens by more than what matters, and its interval excludes zero"
        return Verdict("worse", f"{_counts(effect)}{sure}.")
    if -delta < low90 and high90 < delta:
        return Verdict(TOO_SMALL, _counts(effect) + _negligible(effect))
    return Verdict("inconclusive", _counts(effect) + _undecided(effect, delta))


def guarded(found: Verdict, harm: str | None) -> Verdict:
    """The verdict once a guardrail has failed; harm: the sentence on it, or None.

    A sure loss on test rows is a harm: a cure becomes a relief, and what neither helps
    nor hurts by the metric is worse.
    """
    if harm is None:
        return found
    name = {"cured": "relieved", "relieved": "relieved"}.get(found.name, "worse")
    return Verdict(name, f"{found.reason} {harm}")


def needs_extension(found: Verdict, effect: Effect) -> bool:
    """Should ten seeds become twenty? Inconclusive, or seeds that spread too much.

    Judge both times with `looks=2`: each look then spends half of alpha.
    """
    spread = effect.sd_over_delta
    wide = spread is not None and spread > WIDE_SPREAD
    return found.name == "inconclusive" or wide


def _least_and_most(effect):
    if effect.signs is not None:
        return effect.signs.median_low, effect.signs.median_high
    value = effect.value or 0.0
    return value, value


def _counts(effect):
    """How the pairs came out, where a median stands in for a mean."""
    signs = effect.signs
    if signs is None:
        return ""
    return (
        f"Of {effect.n} pairs of runs {signs.improved} are better, {signs.worsened}"
        f" worse, {signs.unchanged} equal. "
    )


def _helps(effect, refuted, symptom_fires):
    sure = "It improves by more than what matters, and its interval excludes zero"
    if refuted:
        return Verdict("cured", f"{_counts(effect)}{sure}; the symptom is refuted.")
    shown = "still shows" if symptom_fires else "is not refuted"
    return Verdict("relieved", f"{_counts(effect)}{sure}, but the symptom {shown}.")


def _negligible(effect):
    if effect.low == effect.high == 0:
        return f"All {effect.n} seeds give exactly the same result as the baseline."
    if effect.low > 0 or effect.high < 0:
        change = "gain" if effect.low > 0 else "loss"
        return f"The {change} is sure, and too small to matter."
    return "Any effect is shown to be too small to matter."


def _undecided(effect, delta):
    if effect.low > 0 or effect.high < 0:
        change = "improves" if effect.low > 0 else "worsens"
        return f"It surely {change} something, but perhaps by less than what matters."
    if effect.value is not None and abs(effect.value) > delta:
        change = "better" if effect.value > 0 else "worse"
        return (
            f"It came out {change} by more than what matters, but its interval includes"
            " zero: the seeds disagree too much."
        )
    spread = effect.sd_over_delta
    why = (
        "the seeds disagree too much"
        if spread is None
        else f"the seeds spread by {spread:.1f} times the smallest effect that matters"
    )
    return f"Neither an effect nor its absence is shown: {why}."
