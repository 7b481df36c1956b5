"""The order of the fixes and the best of them."""

from gradclinic.reports.verdicts import (
    VERDICTS,
    best_fixes,
    by_lower_bound,
    remedies,
    tally,
)
from hypothesis import given
from hypothesis import strategies as st

bounds = st.none() | st.floats(-10, 10)


def fix(label, low, verdict="cured", mean=1.0):
    return {
        "name": label,
        "label": label,
        "low": low,
        "verdict": verdict,
        "role": "fix",
        "metric": {"mean": mean},
    }


def result(*fixes, best=None):
    return {"best": best, "fixes": list(fixes)}


@given(st.lists(st.tuples(bounds, st.sampled_from(list(VERDICTS)))))
def test_known_bounds_fall(entries):
    fixes = [fix(str(i), *entry) for i, entry in enumerate(entries)]
    lows = [f["low"] for f in by_lower_bound(fixes) if f["low"] is not None]
    assert lows == sorted(lows, reverse=True)
    assert by_lower_bound(fixes) == by_lower_bound(fixes[::-1])


def test_a_missing_bound_is_infinite_for_a_fix_that_helps_and_last_for_others():
    fixes = [fix("a", 1.0), fix("b", None), fix("c", None, "not measurable")]
    assert [f["label"] for f in by_lower_bound(fixes)] == ["b", "a", "c"]


def test_the_best_fixes_are_those_the_study_names_in_its_order():
    one, other, third = fix("one", 1.0), fix("other", 2.0), fix("third", 3.0)
    best = {"fixes": ["other", "one"], "without_new_data": ["one"]}
    found = result(one, other, third, best=best)
    assert best_fixes(found) == [other, one]
    assert best_fixes(found, "without_new_data") == [one]
    assert best_fixes(result(one, other)) == []


def test_controls_are_not_remedies():
    placebo = fix("p", 5.0) | {"role": "placebo"}
    assert remedies(result(placebo)) == []


def test_a_tally_counts_what_occurs():
    counted = tally([fix("a", 1), fix("b", 1), fix("c", 1, "worse")])
    assert [(verdict.name, n) for verdict, n in counted] == [("cured", 2), ("worse", 1)]
