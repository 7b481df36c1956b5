"""The sentences that a result is summed up in."""

import pytest
from gradclinic.reports.meaning import best_reason, meaning


def fix(name, low, verdict="cured", mean=1.0, **changes):
    return {
        "name": name,
        "label": name.title(),
        "role": "fix",
        "low": low,
        "verdict": verdict,
        "metric": {"mean": mean},
        "seconds": {"interval": [1.0, 0.9, 1.1]},
        "guardrail": None,
    } | changes


def result(*fixes, fires=True, behaved=True, best=(), own=()):
    return {
        "fixes": list(fixes),
        "best": {"fixes": list(best), "reason": "So.", "without_new_data": list(own)},
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


SMALL = "too small to matter"
THREE = fix("a", 1), fix("b", 2), fix("c", 3)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (result(fix("a", 1)), "Cured by “A”."),
        (result(fix("a", 1, "relieved")), "“A” helps, but the symptom is not shown"),
        (result(fix("a", 0, SMALL)), "The effect of “A” is too small to matter"),
        (result(fix("a", 0, SMALL)), "No fix was shown to help."),
        (result(fix("a", -1, "worse")), "“A” made things worse here"),
        (result(fix("a", 0, "inconclusive")), "For “A” these seeds do not decide"),
        (
            result(fix("a", 1, seconds={"interval": [3.0, 2.5, 3.6]})),
            "The gain has a price: “A”",
        ),
        (result(fix("a", 1), fires=False), "these runs leave open the gap"),
        (result(fix("a", 1), behaved=False), "the control “Placebo” did not behave"),
        (result(*THREE), "Cured by “A”, “B” and “C”."),
        (result(*THREE, best=["b", "c"], own=["b", "c"]), "Best: “B” and “C”. So."),
        (result(*THREE, best=["c"], own=["a"]), "Best without new data: “A”."),
        (result(fix("a", 1, guardrail="It fell.")), "“A”: it fell."),
    ],
)
def test_every_outcome_is_said_in_plain_words(answer, said):
    assert any(said in sentence for sentence in meaning(answer))


def test_plain_words_do_not_repeat_the_rule():
    known = result(fix("a", 1))
    known["symptom"]["rule"] = "The rule stands on the page."
    assert not any("rule" in sentence for sentence in meaning(known))


@pytest.mark.parametrize("best", [["c"], []])
def test_what_is_best_without_new_data_is_said_only_where_it_differs(best):
    sentences = meaning(result(*THREE, best=best, own=best))
    assert not any("without new data" in sentence for sentence in sentences)


def test_one_fix_that_helps_is_not_compared():
    sentences = meaning(result(fix("a", 1), fix("b", 0, SMALL), best=["a"], own=["a"]))
    assert not any(sentence.startswith("Best") for sentence in sentences)


@pytest.mark.parametrize("interval", [None, [3.0, 1.9, 4.7]])
def test_a_price_that_is_not_sure_is_not_told(interval):
    sentences = meaning(result(fix("a", 1, seconds={"interval": interval})))
    assert not any("price" in sentence for sentence in sentences)


GUARDED = fix("g", 1, guardrail="It fell.")


@pytest.mark.parametrize(
    ("fixes", "best", "said"),
    [
        ([fix("a", 0, SMALL)], [], "No fix was shown to help."),
        ([GUARDED], [], "Each fix that helps does worse on test rows."),
        (
            [fix("a", 1), fix("b", 2, "relieved"), GUARDED],
            ["a"],
            "It is the only fix that cures.",
        ),
        (
            [fix("a", 1, "relieved"), fix("b", 2, role="positive")],
            ["a"],
            "It is the only fix that helps.",
        ),
        (THREE, ["b"], "Its effect is larger than any other's"),
        (THREE, ["b", "c"], "2 fixes tie"),
    ],
)
def test_it_is_said_why_a_fix_is_the_best(fixes, best, said):
    assert best_reason(fixes, best).startswith(said)
