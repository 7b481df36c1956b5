"""The best fixes: ties, cures before reliefs, guardrails, and without new data."""

from dataclasses import replace

import numpy as np
import pytest
from gradclinic.bench.studies.best import best_fixes
from gradclinic.bench.studies.judgement import judge
from gradclinic.reports.meaning import best_reason

from .made_runs import a_question, baseline, evidence_of

SEEDS = range(10)
QUESTION = a_question()
BEFORE = 2.0 + 0.1 * np.cos(np.arange(10))
HEALTHY = {"seeds": SEEDS, "val_loss": 1.0, "best_val_loss": 1.0, "val_metric": 0.9}
SICK = {"seeds": SEEDS}


def losses(ratio, scatter=0.002, phase=0.0):
    return (BEFORE * ratio * (1 + scatter * np.sin(np.arange(10) + phase))).tolist()


def best_of(question=QUESTION, **fixes):
    """fixes: name to the columns of its runs."""
    runs = [("fix", name, columns) for name, columns in fixes.items()]
    evidence = evidence_of(
        question, baseline(seeds=SEEDS, test_loss=BEFORE.tolist()), *runs
    )
    judged = judge(evidence, 1)
    found = best_fixes(evidence, judged)
    return found | {"reason": best_reason(judged, found["fixes"])}


def test_a_hair_decides_nothing():
    """Surely smaller by a ten-thousandth on every seed, and still a tie."""
    found = best_of(
        a=HEALTHY | {"test_loss": losses(0.5)},
        b=HEALTHY | {"test_loss": losses(0.5 * 1.0001)},
        c=HEALTHY | {"test_loss": losses(0.8)},
    )
    assert found["fixes"] == ["a", "b"] == found["without_new_data"]
    assert found["reason"].startswith("2 fixes tie")


def test_of_fixes_that_tie_what_is_safe_on_test_rows_comes_first():
    risky = {"test_metric": [0.5, 0.9] * 5}
    found = best_of(
        a=HEALTHY | risky | {"test_loss": losses(0.5)},
        b=HEALTHY | {"test_loss": losses(0.5 * 1.0001)},
    )
    assert found["fixes"] == ["b", "a"]


def test_of_the_same_effect_the_shorter_training_comes_first():
    evidence = evidence_of(
        QUESTION,
        baseline(seeds=SEEDS, test_loss=BEFORE.tolist()),
        *(("fix", n, HEALTHY | {"test_loss": losses(0.5)}) for n in ("a", "b", "c")),
    )
    judged = judge(evidence, 1)
    for fix, seconds in zip(judged, (3.0, 1.0, None), strict=False):
        fix["seconds"] = fix["seconds"] | {"median": seconds}
    assert best_fixes(evidence, judged)["fixes"] == ["b", "a", "c"]


def test_a_wide_difference_ties_and_a_sure_one_does_not():
    wide = best_of(
        a=HEALTHY | {"test_loss": losses(0.5, 0.3)},
        b=HEALTHY | {"test_loss": losses(0.54, 0.3, 2.0)},
    )
    assert set(wide["fixes"]) == {"a", "b"}
    sure = best_of(
        a=HEALTHY | {"test_loss": losses(0.54)},
        b=HEALTHY | {"test_loss": losses(0.5)},
    )
    assert sure["fixes"] == ["b"]
    assert sure["reason"].startswith("Its effect is larger than any other's")


def test_a_cure_comes_before_a_relief_and_both_before_nothing():
    small, large = {"test_loss": losses(0.8)}, {"test_loss": losses(0.4)}
    assert best_of(a=HEALTHY | small, b=SICK | large)["fixes"] == ["a"]
    assert best_of(a=SICK | small, b=SICK | large)["fixes"] == ["b"]
    nothing = best_of(a=HEALTHY | {"test_loss": losses(1.0)})
    assert nothing == {
        "fixes": [],
        "reason": "No fix was shown to help.",
        "without_new_data": [],
    }
    only = best_of(a=HEALTHY | small)
    assert only["reason"] == "It is the only fix that cures."


def test_a_fix_whose_guardrail_failed_is_not_best():
    found = best_of(
        a=HEALTHY | {"test_loss": losses(0.4), "test_metric": 0.5},
        b=SICK | {"test_loss": losses(0.8)},
    )
    assert found["fixes"] == ["b"]
    alone = best_of(a=HEALTHY | {"test_loss": losses(0.4), "test_metric": 0.5})
    assert alone["fixes"] == []
    assert alone["reason"] == "Each fix that helps does worse on test rows."


def test_the_best_without_new_data_is_named_too():
    fixes = [
        replace(f, family="more data") if f.name == "a" else f for f in QUESTION.fixes
    ]
    found = best_of(
        replace(QUESTION, fixes=tuple(fixes)),
        a=HEALTHY | {"test_loss": losses(0.4)},
        b=HEALTHY | {"test_loss": losses(0.6)},
        c=HEALTHY | {"test_loss": losses(0.8)},
    )
    assert (found["fixes"], found["without_new_data"]) == (["a"], ["b"])
    # Where only new data cure, the best relief without them.
    only = best_of(
        replace(QUESTION, fixes=tuple(fixes)),
        a=HEALTHY | {"test_loss": losses(0.4)},
        b=SICK | {"test_loss": losses(0.6)},
        c=SICK | {"test_loss": losses(0.8)},
    )
    assert (only["fixes"], only["without_new_data"]) == (["a"], ["b"])


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_where_the_baseline_has_no_number_the_fixes_are_compared_themselves(better):
    metric = replace(QUESTION.metric, better=better)
    evidence = evidence_of(
        replace(QUESTION, metric=metric),
        baseline(seeds=SEEDS, status="diverged"),
        ("fix", "a", HEALTHY | {"test_loss": losses(0.5)}),
        ("fix", "b", HEALTHY | {"test_loss": losses(0.9)}),
    )
    found = best_fixes(evidence, judge(evidence, 1))
    assert found["fixes"] == ["a" if better == "lower" else "b"]
