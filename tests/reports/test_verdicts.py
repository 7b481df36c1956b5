"""The order of the fixes and the best of them."""

from gradclinic.reports.verdicts import (
    VERDICTS,
    best_fix,
    by_lower_bound,
    remedies,
    tally,
)
from hypothesis import given
from hypothesis import strategies as st

bounds = st.none() | st.floats(-10, 10)


def fix(label, low, verdict="cured", mean=1.0):
    return {
        "label": label,
        "low": low,
        "verdict": verdict,
        "role": "fix",
        "metric": {"mean": mean},
    }


def result(*fixes, better="lower"):
    return {"metric": {"better": better}, "fixes": list(fixes)}


@given(st.lists(st.tuples(bounds, st.sampled_from(list(VERDICTS)))))
def test_known_bounds_fall(entries):
    fixes = [fix(str(i), *entry) for i, entry in enumerate(entries)]
    lows = [f["low"] for f in by_lower_bound(fixes) if f["low"] is not None]
    assert lows == sorted(lows, reverse=True)
    assert by_lower_bound(fixes) == by_lower_bound(fixes[::-1])


def test_a_missing_bound_is_infinite_for_a_fix_that_helps_and_last_for_others():
    fixes = [fix("a", 1.0), fix("b", None), fix("c", None, "not measurable")]
    assert [f["label"] for f in by_lower_bound(fixes)] == ["b", "a", "c"]


def test_the_best_fix_helps_for_sure():
    worse, relieved, cured = fix("x", 9, "worse"), fix("r", 2, "relieved"), fix("c", 1)
    assert best_fix(result(worse, cured, relieved)) is cured
    assert best_fix(result(worse, relieved)) is relieved
    assert best_fix(result(worse)) is None
    assert best_fix(result()) is None


def test_the_better_value_decides_among_infinite_bounds():
    small, large = fix("s", None, mean=0.1), fix("l", None, mean=0.9)
    assert best_fix(result(large, small)) is small
    assert best_fix(result(large, small, better="higher")) is large


def test_controls_are_not_remedies():
    placebo = fix("p", 5.0) | {"role": "placebo"}
    assert remedies(result(placebo)) == []


def test_a_tally_counts_what_occurs():
    counted = tally([fix("a", 1), fix("b", 1), fix("c", 1, "worse")])
    assert [(verdict.name, n) for verdict, n in counted] == [("cured", 2), ("worse", 1)]
