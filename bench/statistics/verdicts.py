"""What an effect with its interval says about a fix: exactly one of five verdicts."""

from dataclasses import dataclass

from .effects import Effect, check_delta

VERDICTS = ("cured", "relieved", "no effect", "worse", "inconclusive")
# From this spread on, in units of delta, ten seeds are too few: an effect of 2 delta is
# then found two times out of three, at SD = 2 delta one time out of three.
WIDE_SPREAD = 1.5


@dataclass(frozen=True)
class Verdict:
    """One of `VERDICTS` and a plain sentence that says why."""

    name: str
    reason: str


def verdict(effect: Effect, delta: float, symptom_fires: bool) -> Verdict:
    """Judge a fix by its interval, the smallest effect of interest and the symptom.

    cured: low > 0, mean > delta, symptom gone. relieved: the first two only. worse:
    high < 0 and mean < -delta. no effect: the 90 % interval lies inside +-delta, which
    is two one-sided tests at 5 %. inconclusive: anything else. No two can hold at once,
    as the mean lies inside its intervals.
    Infinite improvements have no interval. Then an exact sign test at the effect's
    level takes the place of `low > 0`, and the lower median that of the mean: the fix
    helps where the sign test rejects and more than half of all pairs improve by more
    than delta; `worse` mirrors it, and there is no equivalence.
    Source: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15; Dixon & Mood
    (1946), JASA 41. Raises ValueError on a delta that is not positive.
    """
    check_delta(delta)
    if effect.signs is not None:
        return _by_signs(effect.signs, 1.0 - effect.level, delta, symptom_fires)
    if effect.n < 2:
        return Verdict("inconclusive", "Fewer than two seeds cannot tell luck apart.")
    return _by_interval(effect, delta, symptom_fires)


def needs_extension(found: Verdict, effect: Effect) -> bool:
    """Should ten seeds become twenty? Inconclusive, or seeds that spread too much.

    Judge both times with `looks=2`: each look then spends half of alpha.
    """
    spread = effect.sd_over_delta
    wide = spread is not None and spread > WIDE_SPREAD
    return found.name == "inconclusive" or wide


def _by_interval(effect, delta, symptom_fires):
    size = f"{abs(effect.mean) / delta:.1f} times the smallest effect that matters"
    if effect.low > 0 and effect.mean > delta:
        sure = f"It improves by {size} on average, and its interval excludes zero"
        return _helps(sure, symptom_fires)
    if effect.high < 0 and effect.mean < -delta:
        sure = f"It worsens by {size} on average, and its interval excludes zero."
        return Verdict("worse", sure)
    if -delta < effect.low90 and effect.high90 < delta:
        return Verdict("no effect", _negligible(effect, delta))
    return Verdict("inconclusive", _undecided(effect, delta, size))


def _helps(sure, symptom_fires):
    if symptom_fires:
        return Verdict("relieved", f"{sure}, but the symptom still shows.")
    return Verdict("cured", f"{sure}, and the symptom is no longer shown.")


def _negligible(effect, delta):
    if effect.mean == 0 and effect.sd == 0:
        return f"All {effect.n} seeds give exactly the same result as the baseline."
    low, high = effect.low90 / delta, effect.high90 / delta
    return (
        f"Its effect, with 90 % confidence between {low:+.2f} and {high:+.2f} times the"
        " smallest that matters, is too small to matter."
    )


def _undecided(effect, delta, size):
    if effect.low > 0 or effect.high < 0:
        change = "improves" if effect.low > 0 else "worsens"
        return f"It surely {change} something, but perhaps by less than what matters."
    if abs(effect.mean) > delta:
        change = "better" if effect.mean > 0 else "worse"
        return (
            f"On average it is {change} by {size}, but its interval includes zero: the"
            " seeds disagree too much."
        )
    return (
        "Neither an effect nor its absence is shown: the seeds spread by"
        f" {effect.sd_over_delta:.1f} times the smallest effect that matters."
    )


def _by_signs(signs, alpha, delta, symptom_fires):
    counts = (
        "Some runs diverged or missed the target, so pairs of runs are counted:"
        f" {signs.improved} better, {signs.worsened} worse, {signs.unchanged} equal"
    )
    if signs.p <= alpha and signs.median_low > delta:
        return _helps(f"{counts}; chance alone hardly does that", symptom_fires)
    if signs.p <= alpha and signs.median_high < -delta:
        return Verdict("worse", f"{counts}; chance alone hardly does that.")
    if signs.p > alpha:
        return Verdict("inconclusive", f"{counts}; chance could do that.")
    return Verdict("inconclusive", f"{counts}; too few change by what matters.")
