"""Why a fix has its verdict: what decided, the pairs, the symptom and a harm."""

import pytest
from gradclinic.reports.reasons import harm, lost_runs, verdict_reason


def fix(kind="ratio", guardrail=None, **changes):
    effect = {"kind": kind, "better": 7, "worse": 2, "equal": 1}
    effect |= {"missed": 1, "missed_baseline": 10}
    about = {"n": 10, "refuted": True, "symptom_fires": False, "sd_over_delta": None}
    return about | {"effect": effect, "guardrail": guardrail} | changes


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "improves",
            "It improves by more than what matters, and its interval excludes"
            " zero; the symptom is refuted.",
        ),
        (
            "worsens",
            "It worsens by more than what matters, and its interval excludes zero.",
        ),
        (
            "split gain",
            "It came out better by more than what matters, but its interval"
            " includes zero: the seeds disagree too much.",
        ),
        (
            "split loss",
            "It came out worse by more than what matters, but its interval"
            " includes zero: the seeds disagree too much.",
        ),
        (
            "perhaps gain",
            "It surely improves something, but perhaps by less than what matters.",
        ),
        (
            "perhaps loss",
            "It surely worsens something, but perhaps by less than what matters.",
        ),
        (
            "spread",
            "Neither an effect nor its absence is shown: the seeds disagree too much.",
        ),
        ("small", "Any effect is shown to be too small to matter."),
        ("sure gain", "The gain is sure, and too small to matter."),
        ("sure loss", "The loss is sure, and too small to matter."),
        ("too few", "Fewer than two seeds cannot tell luck apart."),
        ("same", "All 10 seeds give exactly the same result as the baseline."),
    ],
)
def test_the_reason_says_what_decided(why, said):
    assert verdict_reason(why, fix()) == said
    counts = "Of 10 pairs of runs 7 are better, 2 worse, 1 equal. "
    assert verdict_reason(why, fix("censored")) == counts + said
    assert verdict_reason(why, fix(guardrail="But it fell.")) == f"{said} But it fell."


@pytest.mark.parametrize(
    ("fires", "words"), [(True, "still shows"), (False, "is not refuted")]
)
def test_without_a_refutation_there_is_no_cure(fires, words):
    said = verdict_reason("improves", fix(refuted=False, symptom_fires=fires))
    assert said.endswith(f"excludes zero, but the symptom {words}.")


def test_seeds_that_spread_are_told_by_how_much():
    said = verdict_reason("spread", fix(sd_over_delta=2.14))
    assert said.endswith("spread by 2.1 times the smallest effect that matters.")


def test_what_fails_on_every_seed_as_the_baseline_does_gains_nothing():
    effect = fix()["effect"] | {"missed": 10}
    said = "It fails on every seed, as the baseline does: nothing is gained."
    assert verdict_reason("same", fix(effect=effect)) == said


@pytest.mark.parametrize(
    ("name", "not_worse", "said"),
    [
        ("accuracy", False, "On test rows accuracy falls by over a point (confirmed)."),
        ("R²", False, "On test rows R² falls by over 0.01 (confirmed)."),
        ("accuracy", True, None),
        ("accuracy", None, None),
    ],
)
def test_only_a_loss_that_is_shown_is_a_harm(name, not_worse, said):
    assert harm({"name": name, "not_worse": not_worse}) == said
    assert harm(None) is None


def test_runs_that_were_lost_are_counted_with_a_reason():
    said = lost_runs(2, 5, "it broke")
    assert said == "2 of 5 runs were not measured: it broke"
