"""Simulated scenarios: false alarms and power are what the method promises."""

import numpy as np
import pytest
from gradclinic.bench.statistics import paired_effect, verdict

FIXES, SEEDS, DELTA = 12, 10, 1.0


def names(differences, **options):
    """Count the verdicts on float[repetitions, n]."""
    found = {}
    for d in differences:
        effect = paired_effect(d, DELTA, comparisons=FIXES, **options)
        name = verdict(effect, DELTA, refuted=False).name
        found[name] = found.get(name, 0) + 1
    return {name: count / len(differences) for name, count in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_scenarios_without_any_effect_hardly_ever_find_one(seed):
    """200 A/A scenarios of 12 fixes whose spreads are 0.1 to 10 delta."""
    rng = np.random.default_rng(seed)
    sd = 10.0 ** rng.uniform(-1, 1, (200, FIXES, 1))
    scenarios = rng.normal(0.0, sd, (200, FIXES, SEEDS)) * DELTA
    helped = sum("relieved" in names(fixes) for fixes in scenarios)
    assert helped / 200 <= 0.05


def test_scenarios_without_effect_on_splits_of_one_data_set():
    """The same on splits: errors of test sets that share rows, corrected."""
    rng = np.random.default_rng(3)
    helped = 0
    for _ in range(60):
        rows = rng.normal(0.0, 10 * DELTA, (FIXES, 200))
        tests = [rng.choice(200, 60, replace=False) for _ in range(SEEDS)]
        d = np.stack([rows[:, rows_tested].mean(axis=1) for rows_tested in tests], 1)
        helped += "relieved" in names(d, test_over_train=60 / 140)
    assert helped / 60 <= 0.05


@pytest.mark.parametrize(
    ("sd", "truth", "seeds", "expected"),
    [
        (1.0, 0.0, 10, {"relieved": 0.0, "too small to matter": 0.80}),
        (1.0, 2.0, 10, {"relieved": 0.97}),
        (2.0, 2.0, 10, {"relieved": 0.35}),
        (2.0, 2.0, 20, {"relieved": 0.87}),
    ],
)
def test_power(sd, truth, seeds, expected):
    """Spread and true effect in units of delta; 3 standard errors of 2,000 draws."""
    rng = np.random.default_rng(7)
    found = names(rng.normal(truth, sd, (2000, seeds)))
    for name, share in expected.items():
        assert found.get(name, 0.0) == pytest.approx(share, abs=0.035)


def test_two_looks_keep_the_error_rate():
    """At 10 seeds, then at 20, with half of alpha each: no more false alarms."""
    rng = np.random.default_rng(11)
    d = rng.normal(0.0, 3.0, (3000, 20))
    looks = [names(part, looks=2).get("relieved", 0) for part in (d[:, :10], d)]
    assert sum(looks) <= 0.05 / FIXES
