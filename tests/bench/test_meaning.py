"""Which fix is best, and the sentences that a result is summed up in."""

import pytest
from gradclinic.bench.studies.meaning import best_fix, meaning


def fix(name, low, verdict="cured", mean=1.0, **changes):
    return {
        "name": name,
        "label": name.title(),
        "role": "fix",
        "low": low,
        "verdict": verdict,
        "metric": {"mean": mean},
        "seconds": {"ratio": 1.0},
        "test_metric": None,
    } | changes


def result(*fixes, fires=True, behaved=True, better="lower"):
    best = best_fix(fixes, better)
    return {
        "fixes": list(fixes),
        "best": best and best["name"],
        "runs": 40,
        "missing_runs": 0,
        "symptom": {
            "fires": fires,
            "rule": "The rule.",
            "detector": "overfitting",
            "components": [{"name": "the gap", "fires": fires}],
        },
        "controls": [{"label": "Placebo", "behaved": behaved}],
    }


def test_a_cure_comes_before_a_relief_and_both_before_nothing():
    worse, relieved, cured = fix("x", 9, "worse"), fix("r", 2, "relieved"), fix("c", 1)
    assert best_fix([worse, cured, relieved], "lower") is cured
    assert best_fix([worse, relieved], "lower") is relieved
    assert best_fix([worse], "lower") is None
    assert best_fix([cured | {"role": "positive"}], "lower") is None


def test_the_better_value_decides_among_infinite_bounds():
    small, large = fix("s", None, mean=0.1), fix("l", None, mean=0.9)
    assert best_fix([large, small], "lower") is small
    assert best_fix([large, small], "higher") is large
    assert best_fix([small, fix("f", 3.0)], "lower") is small


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (result(fix("a", 1)), "Cured by “A”."),
        (result(fix("a", 1, "relieved")), "“A” helps, but the symptom stays."),
        (result(fix("a", 0, "no effect")), "“A” made no difference that matters"),
        (result(fix("a", 0, "no effect")), "No fix helped beyond doubt."),
        (result(fix("a", -1, "worse")), "“A” made things worse here"),
        (result(fix("a", 0, "inconclusive")), "For “A” these seeds decide nothing"),
        (result(fix("a", 1, seconds={"ratio": 3.0})), "The gain has a price: “A”"),
        (result(fix("a", 1), fires=False), "these runs leave open the gap"),
        (result(fix("a", 1), behaved=False), "the control “Placebo” did not behave"),
        (
            result(fix("a", 1), fix("b", 2), fix("c", 3)),
            "“A”, “B” and “C”; the surest gain came from “C”.",
        ),
    ],
)
def test_every_outcome_is_said_in_plain_words(answer, said):
    assert any(said in sentence for sentence in meaning(answer))


def test_plain_words_do_not_repeat_the_rule():
    known = result(fix("a", 1))
    known["symptom"]["rule"] = "The rule stands on the page."
    assert not any("rule" in sentence for sentence in meaning(known))
