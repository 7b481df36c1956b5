"""The effect of a fix in words: one form, and an honest one where none is a number."""

from math import inf, log

import pytest
from gradclinic.reports.effect import (
    counted,
    effect_of,
    first_of,
    gains,
    outcome,
    said_of,
)

NBSP = "\N{NO-BREAK SPACE}"
LOSS = {"label": "test loss", "unit": "nats", "scale": "log", "better": "lower"}
ACCURACY = {"label": "accuracy", "unit": "", "scale": "linear", "better": "higher"}


def a_fix(kind, numbers, pairs=(), verdict="cured", **more):
    key = "difference" if kind == "difference" else "ratio"
    found = {"kind": kind, key: numbers, "pairs": [list(p) for p in enumerate(pairs)]}
    counts = {"better": 2, "worse": 1, "equal": 0, "missed": 0, "missed_baseline": 0}
    return {
        "effect": found | counts | more,
        "verdict": verdict,
        "metric": {
            "mean": 1.0,
            "baseline_mean": 2.0,
            "median": 43.0,
            "baseline_median": 96.0,
        },
    }


@pytest.mark.parametrize(
    ("kind", "numbers", "said"),
    [
        ("ratio", [0.43, 0.27, 0.68], "×0.43 (.27 to .68)"),
        ("censored", [0.43, 0.27, None], "×0.43 (.27 or more)"),
        ("censored", [0.43, 0.0, 0.68], "×0.43 (.68 or less)"),
        ("difference", [0.032, 0.011, 0.053], "+3.2 points (1.1 to 5.3)"),
        ("difference", [-0.04, -0.05, -0.03], "−4.0 points (−5.0 to −3.0)"),
    ],
)
def test_an_effect_has_its_interval_in_brackets(kind, numbers, said):
    metric = ACCURACY if kind == "difference" else LOSS
    fix = a_fix(kind, numbers)
    assert said_of(fix, metric).replace(NBSP, " ") == said
    assert first_of(fix, metric).replace(NBSP, " ") == said.partition(" (")[0]


def test_a_rise_is_above_one_whichever_is_the_better():
    higher = LOSS | {"better": "higher"}
    fix = a_fix("ratio", [1.5, 1.2, 1.9])
    assert effect_of(fix, LOSS).said == effect_of(fix, higher).said == "×1.50"


@pytest.mark.parametrize(
    ("median", "baseline", "said"),
    [
        (0.0101, None, "0.0101 nats (the baseline fails)"),
        (None, 2.0, "most runs fail"),
        (None, None, "fails, as the baseline does"),
    ],
)
def test_without_a_number_it_says_what_became_of_the_metric(median, baseline, said):
    fix = a_fix("censored", [0.0 if median else None, None, None])
    fix["metric"] |= {"median": median, "baseline_median": baseline}
    assert (
        said_of(fix, LOSS).replace(NBSP, " ")
        == said
        == outcome(fix, LOSS).replace(NBSP, " ")
    )


def test_what_was_not_measured_says_so():
    fix = {"effect": None, "verdict": "not measurable", "metric": {}}
    assert said_of(fix, LOSS) == "not measurable" and counted(fix) == ""
    assert gains(fix, LOSS) == []


def test_counts_stand_beside_what_runs_missed_and_nowhere_else():
    assert counted(a_fix("ratio", [1, 1, 1], (1, 1, 1))) == ""
    fix = a_fix("censored", [1, 1, 1], (0.5, 0.9, None))
    assert counted(fix) == "better on 2 of 3 seeds, worse on 1"
    fix["effect"] |= {"missed": 1}
    assert counted(fix).endswith("runs that missed: 1 of 3, of the baseline 0")


@pytest.mark.parametrize(
    ("metric", "kind", "pairs", "places"),
    [
        (LOSS, "ratio", (0.5, 2.0), [log(2), -log(2)]),
        (LOSS, "censored", (None, 0, 1), [-inf, inf, 0]),
        (LOSS | {"better": "higher"}, "ratio", (0.5, 2.0), [-log(2), log(2)]),
        (ACCURACY, "difference", (0.1, -0.2), [0.1, -0.2]),
        (ACCURACY | {"better": "lower"}, "difference", (0.1,), [-0.1]),
    ],
)
def test_seeds_stand_where_their_gain_is(metric, kind, pairs, places):
    fix = a_fix(kind, [1, 1, 1], pairs)
    assert gains(fix, metric) == pytest.approx(places)


def test_where_all_runs_of_both_miss_no_ratio_is_told():
    fix = a_fix("censored", [1.0, 1.0, 1.0], (1, 1, 1))
    fix["effect"] |= {"missed": 3, "missed_baseline": 3}
    fix["metric"] |= {"median": None, "baseline_median": None}
    assert said_of(fix, LOSS) == "fails, as the baseline does"
    fix["effect"]["missed"] = 2
    assert said_of(fix, LOSS) == "×1.00 (1.00 to 1.00)"
