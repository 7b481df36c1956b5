"""What an effect with its interval says about a fix: exactly one of five verdicts."""

from dataclasses import dataclass, replace

from .effects import Effect, check_delta

TOO_SMALL = "too small to matter"
VERDICTS = ("cured", "relieved", TOO_SMALL, "worse", "inconclusive")
# From this spread on, in units of delta, ten seeds are too few: an effect of 2 delta is
# then found two times out of three, at SD = 2 delta one time out of three.
WIDE_SPREAD = 1.5


@dataclass(frozen=True)
class Verdict:
    """One of `VERDICTS`, and the name of what decided, see `verdict`."""

    name: str
    why: str


def verdict(effect: Effect, delta: float, refuted: bool) -> Verdict:
    """Judge a fix by its interval, the smallest effect of interest and the symptom.

    cured: low > 0, value > delta, and the symptom is refuted (`Detection.refuted`): a
    detector that merely no longer fires is not a cure. relieved: the first two only.
    worse: high < 0 and value < -delta. too small to matter: the 90 % interval lies
    inside +-delta, which is two one-sided tests at 5 %. inconclusive: anything else. No
    two can hold at once, as the value lies inside its intervals. Where the value is a
    median, more than half of all pairs must change by more than delta.
    why: `improves`, `worsens`; too small: `same`, `sure gain`, `sure loss`, `small`;
    inconclusive: `too few`, `perhaps gain`, `perhaps loss` (sure, but perhaps too
    small), `split gain`, `split loss` (large, but not sure), `spread`.
    Source: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15. Raises
    ValueError on a delta that is not positive.
    """
    check_delta(delta)
    low, high, low90, high90 = effect.low, effect.high, effect.low90, effect.high90
    if low is None or high is None or low90 is None or high90 is None:
        return Verdict("inconclusive", "too few")
    least, most = _least_and_most(effect)
    sure = "gain" if low > 0 else "loss" if high < 0 else ""
    if low > 0 and least > delta:
        return Verdict("cured" if refuted else "relieved", "improves")
    if high < 0 and most < -delta:
        return Verdict("worse", "worsens")
    if -delta < low90 and high90 < delta:
        same = low == high == 0
        why = "same" if same else f"sure {sure}" if sure else "small"
        return Verdict(TOO_SMALL, why)
    if sure:
        return Verdict("inconclusive", f"perhaps {sure}")
    value = effect.value or 0.0
    if abs(value) > delta:
        return Verdict("inconclusive", f"split {'gain' if value > 0 else 'loss'}")
    return Verdict("inconclusive", "spread")


def guarded(found: Verdict, harmed: bool) -> Verdict:
    """The verdict where a guardrail may have failed.

    A sure loss on test rows is a harm: a cure becomes a relief, and what neither helps
    nor hurts by the metric is worse.
    """
    if not harmed:
        return found
    helps = found.name in ("cured", "relieved")
    return replace(found, name="relieved" if helps else "worse")


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
