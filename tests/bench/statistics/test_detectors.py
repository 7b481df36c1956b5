"""Detectors: each threshold from both sides; the interval decides, not the mean."""

from dataclasses import FrozenInstanceError
from math import inf, nan

import numpy as np
import pytest
from gradclinic.bench.statistics import DETECTORS, READS
from gradclinic.bench.statistics.detectors.detection import component
from gradclinic.bench.statistics.intervals import mean_interval

N = 10


def run(**values):
    """Every number on ten seeds that differ by about 1 %, each input in its own way."""
    return {
        name: value * (1 + 0.01 * np.cos(np.arange(N) + len(name)))
        if isinstance(value, float) and name != "delta"
        else value
        for name, value in values.items()
    }


OVERFIT = {"train_loss": 0.5, "val_loss": 1.0, "best_val_loss": 0.8}
UNDERFIT = {
    "train_loss": 1.0,
    "best_sweep_train_loss": 0.5,
    "train_metric": 0.705,
    "val_metric": 0.70,
    "wider_val_metric": 0.80,
}
SLOW = {"evaluations_to_target": 400.0, "reference_evaluations": 100.0}
MEMORY = {"peak_bytes": 0.95e6, "budget": 1e6, "status": ["ok"] * N}
CALM = {"first_loss": 1.0, "final_loss": 0.1, "status": ["ok"] * N}
GRADIENTS = {"first_layer_gradient_rms": 1e-5, "last_layer_gradient_rms": 1e-1}
INTERPRETABLE = {
    "surrogate_agreement": 0.95,
    "importance_spearman": 0.9,
    "precision_at_k": 1.0,
}
RARE = {"val_metric": 0.96, "val_balanced": 0.63, "val_least_recall": 0.29}
SHIFTED = {"domain_auc": 0.92, "accuracy_lost": 0.28}
LARGE = {"file_bytes": 1.1e5, "file_budget": 1e5}
CASES = [
    ("class_imbalance", RARE, True),
    ("class_imbalance", RARE | {"val_balanced": 0.92}, False),
    ("class_imbalance", RARE | {"val_least_recall": 0.71}, False),
    ("class_imbalance", {"val_metric": 0.96, "val_least_recall": 0.1}, False),
    ("class_imbalance", RARE | {"val_least_share": 0.45}, True),
    ("class_imbalance", RARE | {"val_least_share": 0.55}, False),
    ("covariate_shift", SHIFTED, True),
    ("covariate_shift", SHIFTED | {"domain_auc": 0.69}, False),
    ("covariate_shift", SHIFTED | {"accuracy_lost": 0.049}, False),
    ("covariate_shift", {"domain_auc": 0.92}, False),
    ("large_model", LARGE, True),
    ("large_model", LARGE | {"file_bytes": 0.9e5}, False),
    ("overfitting", OVERFIT, True),
    ("overfitting", OVERFIT | {"best_val_loss": 0.97}, False),
    ("overfitting", OVERFIT | {"train_loss": 0.95}, False),
    ("overfitting", OVERFIT | {"train_loss": 0.0}, True),
    (
        "overfitting",
        OVERFIT | {"best_val_loss": 1.0, "train_metric": 1.0, "val_metric": 0.9},
        True,
    ),
    (
        "overfitting",
        OVERFIT | {"best_val_loss": 1.0, "train_metric": 1.0, "val_metric": 0.96},
        False,
    ),
    ("underfitting", UNDERFIT, True),
    ("underfitting", UNDERFIT | {"best_sweep_train_loss": 0.95}, False),
    ("underfitting", UNDERFIT | {"train_metric": 0.75}, False),
    ("underfitting", UNDERFIT | {"wider_val_metric": 0.705}, False),
    ("underfitting", UNDERFIT | {"wider_val_metric": None}, False),
    ("underfitting", UNDERFIT | {"delta": 0.12}, False),
    ("underfitting", UNDERFIT | {"late_fall": 0.008}, True),
    ("underfitting", UNDERFIT | {"late_fall": 0.012}, False),
    ("underfitting", UNDERFIT | {"train_metric": [0.70, 0.74] * (N // 2)}, True),
    (
        "underfitting",
        UNDERFIT | {"train_metric": [0.70, 0.74] * (N // 2), "wider_val_metric": 0.715},
        False,
    ),
    ("slow_training", SLOW, True),
    ("slow_training", SLOW | {"evaluations_to_target": 295.0}, False),
    ("slow_training", SLOW | {"evaluations_to_target": 200.0}, False),
    ("slow_training", SLOW | {"late_fall": 0.012}, True),
    ("slow_training", SLOW | {"late_fall": 0.008}, False),
    ("slow_training", SLOW | {"late_fall": 0.0, "late_drop": 0.0005}, True),
    (
        "slow_training",
        SLOW | {"evaluations_to_target": 200.0, "late_drop": 0.0005},
        True,
    ),
    (
        "slow_training",
        SLOW | {"evaluations_to_target": 200.0, "late_drop": 0.0015},
        False,
    ),
    ("memory_pressure", MEMORY, True),
    ("memory_pressure", MEMORY | {"peak_bytes": 0.85e6}, False),
    ("memory_pressure", MEMORY | {"peak_bytes": 0.5e6, "budget": [1e6] * N}, False),
    ("divergence", CALM, False),
    ("divergence", CALM | {"final_loss": 11.0}, True),
    ("divergence", CALM | {"final_loss": 9.0}, False),
    ("divergence", CALM | {"lr": 0.5, "lambda_max": 4.2}, True),
    ("divergence", CALM | {"lr": 0.5, "lambda_max": 3.8}, False),
    ("vanishing_gradient", GRADIENTS, True),
    ("vanishing_gradient", GRADIENTS | {"last_layer_gradient_rms": 9e-3}, False),
    (
        "vanishing_gradient",
        {"first_layer_gradient_rms": 9e-8, "last_layer_gradient_rms": 9e-8},
        True,
    ),
    ("vanishing_gradient", GRADIENTS | {"first_layer_gradient_rms": 0.0}, True),
    ("exploding_gradient", GRADIENTS, False),
    ("exploding_gradient", GRADIENTS | {"first_layer_gradient_rms": 7.2}, True),
    ("exploding_gradient", GRADIENTS | {"first_layer_gradient_rms": 6.8}, False),
    ("dead_relu", {"dead_fraction": 0.52}, True),
    ("dead_relu", {"dead_fraction": 0.49}, False),
    ("ill_conditioning", {"condition_number": 1.1e4}, True),
    ("ill_conditioning", {"condition_number": 0.9e4}, False),
    ("ill_conditioning", {"condition_number": inf}, True),
    ("ill_conditioning", {"lambda_max_over_mean": 110.0}, True),
    ("ill_conditioning", {"lambda_max_over_mean": 90.0}, False),
    ("poor_interpretability", INTERPRETABLE, False),
    ("poor_interpretability", INTERPRETABLE | {"surrogate_agreement": 0.87}, True),
    ("poor_interpretability", INTERPRETABLE | {"importance_spearman": 0.65}, True),
    ("poor_interpretability", INTERPRETABLE | {"precision_at_k": 0.75}, True),
]


@pytest.mark.parametrize(("name", "values", "fires"), CASES)
def test_a_detector_fires_beyond_its_threshold_only(name, values, fires):
    assert DETECTORS[name](run(**values)).fires is fires


def test_every_detector_is_tried_on_both_sides():
    tried = {(name, fires) for name, _, fires in CASES}
    assert tried == {(name, fires) for name in DETECTORS for fires in (True, False)}


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_says_all_that_it_reads(name):
    class Noted(dict):
        def get(self, key, default=None):
            read.add(key)
            return super().get(key, default)

    read = set()
    for case, values, _ in CASES:
        if case == name:
            for reads in (values, values | {"evaluations_budget": 1e3}):
                DETECTORS[name](Noted(run(**reads)))
    assert read <= {*READS[name]}


@pytest.mark.parametrize("name", DETECTORS)
def test_nothing_measured_cannot_fire(name):
    inputs = {key for case, values, _ in CASES if case == name for key in values}
    scalars = {"delta": 0.01}
    for nothing in (
        {},
        {"status": []},
        dict.fromkeys(inputs, None) | {"status": []} | scalars,
        dict.fromkeys(inputs - {"final_loss"}, np.full(3, nan))
        | {"status": ["ok"] * 3}
        | scalars,
    ):
        found = DETECTORS[name](nothing)
        assert not found.fires
        assert all(c.value in (None, 0.0) for c in found.components)


@pytest.mark.parametrize(("name", "values", "fires"), CASES)
def test_one_seed_has_values_but_never_fires(name, values, fires):
    one = {
        key: value[:1] if isinstance(value, list) else value
        for key, value in values.items()
    }
    assert not DETECTORS[name](one).fires


@pytest.mark.parametrize(("name", "values", "fires"), CASES)
def test_components_are_plain_and_frozen(name, values, fires):
    for found in DETECTORS[name](run(**values)).components:
        assert type(found.fires) is bool
        for number in (found.value, found.low, found.high):
            assert number is None or (type(number) is float and np.isfinite(number))
        with pytest.raises(FrozenInstanceError):
            found.fires = True


@pytest.mark.parametrize(("name", "values", "fires"), CASES)
def test_splits_of_one_data_set_widen_every_interval(name, values, fires):
    plain = DETECTORS[name](run(**values))
    split = DETECTORS[name](run(**values), test_over_train=0.5)
    for one, other in zip(plain.components, split.components, strict=True):
        if one.low is not None and "share of runs" not in one.name:
            assert other.low <= one.low <= one.high <= other.high
            assert other.value == one.value


@pytest.mark.parametrize(
    ("comparison", "noise", "fires"),
    [(">", 0.1, True), (">", 5.0, False), ("<", 0.1, True), ("<", 5.0, False)],
)
def test_the_bound_decides_and_not_the_mean(comparison, noise, fires):
    sign = 1 if comparison == ">" else -1
    values = sign * (1 + noise * np.array([-1.0, 1.0] * 5))
    found = component("x", values, comparison, 0.0)
    assert sign * found.value == pytest.approx(1.0)
    assert found.fires is fires


def test_a_bound_on_the_threshold_is_not_beyond_it():
    assert not component("x", [1.0, 1.0], ">", 1.0).fires
    assert not component("x", [1.0, 1.0], "<", 1.0).fires
    assert component("x", [1.0, 1.0], ">=", 1.0).fires


def test_training_losses_of_many_magnitudes_do_not_hide_overfitting():
    """The ratio itself has an interval from below zero; its logarithm does not."""
    train_loss = 10.0 ** -np.array([1, 1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4])
    ratios = OVERFIT["val_loss"] / train_loss - 1
    assert mean_interval(ratios).low < 0.1
    found = DETECTORS["overfitting"](run(**OVERFIT) | {"train_loss": train_loss})
    assert found.fires
    assert found.components[0].low > 0.1


def test_overfitting_shows_the_ratios_of_the_losses():
    gap, rise, accuracy = DETECTORS["overfitting"](
        {key: np.full(3, value) for key, value in OVERFIT.items()}
        | {"train_metric": [0.9] * 3, "val_metric": [0.75] * 3}
    ).components
    assert (gap.value, rise.value, accuracy.value) == pytest.approx((1.0, 25.0, 15.0))
    assert (rise.unit, accuracy.unit) == ("%", "points")


def test_overfitting_without_an_accuracy_has_no_such_component():
    assert len(DETECTORS["overfitting"](run(**OVERFIT)).components) == 2


def test_a_diverged_seed_is_not_a_measurement_of_overfitting():
    values = run(**OVERFIT)
    values["val_loss"][0] = values["train_loss"][0] = nan
    assert DETECTORS["overfitting"](values).fires


def test_a_missed_target_counts_as_the_budget():
    missed = {"evaluations_to_target": [inf] * 5, "reference_evaluations": [100.0] * 5}
    assert DETECTORS["slow_training"](missed).fires
    short = DETECTORS["slow_training"](missed | {"evaluations_budget": 200.0})
    assert not short.fires
    assert short.components[0].value == pytest.approx(2.0)
    assert DETECTORS["slow_training"](missed | {"evaluations_budget": 3000}).fires


def test_a_reference_that_missed_says_nothing():
    values = run(**SLOW) | {"reference_evaluations": [inf] * N}
    found = DETECTORS["slow_training"](values)
    assert not found.fires
    assert found.components[0].value is None


@pytest.mark.parametrize("status", ["MemoryError", "killed"])
def test_one_run_out_of_memory_is_memory_pressure(status):
    values = MEMORY | {"peak_bytes": 0.5e6, "status": [*["ok"] * 9, status]}
    assert DETECTORS["memory_pressure"](run(**values)).fires


@pytest.mark.parametrize("final", [nan, inf, -inf])
def test_one_run_that_leaves_the_numbers_is_divergence(final):
    values = run(**CALM)
    values["final_loss"][3] = final
    assert DETECTORS["divergence"](values).fires


def test_divergence_believes_the_status():
    values = run(**CALM) | {"status": [*["ok"] * 9, "diverged"]}
    assert DETECTORS["divergence"](values).fires
    assert DETECTORS["divergence"]({"status": ["diverged"]}).fires


def test_all_runs_diverged_leaves_the_share_alone():
    values = {"first_loss": [1.0] * 4, "final_loss": [nan] * 4}
    (share,) = DETECTORS["divergence"](values).components
    assert (share.value, share.fires, share.high) == (1.0, True, 1.0)


REFUTED = [
    ("overfitting", OVERFIT, False),
    ("overfitting", OVERFIT | {"train_loss": 0.95}, True),
    # The gap stays; without accuracies the rise alone is what the rule needs.
    ("overfitting", OVERFIT | {"best_val_loss": 0.99}, True),
    (
        "overfitting",
        OVERFIT | {"best_val_loss": 0.99, "train_metric": 1.0, "val_metric": 0.9},
        False,
    ),
    ("underfitting", UNDERFIT, False),
    ("underfitting", UNDERFIT | {"wider_val_metric": 0.701}, True),
    ("underfitting", UNDERFIT | {"best_sweep_train_loss": 0.99}, True),
    ("underfitting", UNDERFIT | {"wider_val_metric": None}, False),
    ("slow_training", SLOW | {"evaluations_to_target": 200.0}, True),
    ("slow_training", SLOW | {"evaluations_to_target": 300.0}, False),
    (
        "slow_training",
        SLOW | {"evaluations_to_target": 200.0, "late_drop": 0.0005},
        False,
    ),
    (
        "slow_training",
        SLOW | {"evaluations_to_target": 200.0, "late_drop": 0.0015},
        True,
    ),
    ("memory_pressure", MEMORY, False),
    ("memory_pressure", MEMORY | {"peak_bytes": 0.85e6}, True),
    ("memory_pressure", MEMORY | {"peak_bytes": 0.85e6, "status": ["ok"] * 3}, False),
    (
        "memory_pressure",
        MEMORY | {"peak_bytes": 0.85e6, "status": ["ok"] * 9 + ["killed"]},
        False,
    ),
    ("divergence", CALM, True),
    ("divergence", CALM | {"final_loss": 11.0}, False),
    ("divergence", CALM | {"status": ["ok"] * 9 + ["diverged"]}, False),
    ("divergence", CALM | {"lr": 0.5, "lambda_max": 4.2}, False),
    ("divergence", CALM | {"lr": 0.5, "lambda_max": 3.8}, True),
    ("class_imbalance", RARE, False),
    ("class_imbalance", RARE | {"val_least_recall": 0.75}, True),
    ("class_imbalance", RARE | {"val_least_share": 0.74}, True),
    ("class_imbalance", {}, False),
    ("covariate_shift", SHIFTED | {"accuracy_lost": 0.03}, True),
    ("covariate_shift", SHIFTED | {"domain_auc": 0.55}, False),
    ("covariate_shift", SHIFTED, False),
    ("dead_relu", {"dead_fraction": 0.49}, True),
    ("dead_relu", {}, False),
    ("large_model", LARGE | {"file_bytes": 0.9e5}, True),
    ("large_model", LARGE, False),
]


@pytest.mark.parametrize(("name", "values", "refuted"), REFUTED)
def test_a_symptom_is_refuted_by_a_sign_that_it_needs(name, values, refuted):
    assert DETECTORS[name](run(**values)).refuted is refuted


@pytest.mark.parametrize(("name", "values", "fires"), CASES)
def test_nothing_is_shown_and_refuted_at_once(name, values, fires):
    found = DETECTORS[name](run(**values))
    assert not (found.fires and found.refuted)
    assert not any(c.fires and c.refuted for c in found.components)


@pytest.mark.parametrize(
    ("low", "high", "comparison", "fires", "refuted"),
    [
        (1.1, 1.2, ">", True, False),
        (0.8, 0.9, ">", False, True),
        (0.9, 1.1, ">", False, False),
        (1.1, 1.2, "<", False, True),
        (0.8, 0.9, "<", True, False),
        (1.0, 1.0, ">=", True, False),
        (1.0, 1.0, ">", False, True),
        (1.0, 1.0, "<", False, True),
    ],
)
def test_an_interval_that_holds_the_threshold_decides_nothing(
    low, high, comparison, fires, refuted
):
    """Two values whose 95 % interval is just that: mean +- 12.7 half-distances."""
    half = (high - low) / 2 / 12.706
    middle = (high + low) / 2
    found = component("x", [middle - half, middle + half], comparison, 1.0)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    assert (found.fires, found.refuted) == (fires, refuted)


def test_ten_of_ten_seeds_at_or_above_the_threshold_are_no_refutation():
    """A mean of 3.5 with an interval below 3 does not exist; one that holds 3 does."""
    needed = np.array([3.0, 3.1, 3.2, 3.4, 3.5, 3.6, 3.8, 4.0, 4.2, 9.0])
    values = {"evaluations_to_target": needed, "reference_evaluations": np.ones(10)}
    assert not DETECTORS["slow_training"](values).refuted


def test_a_miss_may_fire_by_its_lower_bound_and_is_infinite_where_it_refutes():
    """19 seeds need twice the reference, some miss: a few leave the median refuted."""
    for missed, refuted in ((0, True), (1, True), (10, False)):
        needed = np.array([20.0] * (20 - missed) + [inf] * missed)
        values = {
            "evaluations_to_target": needed,
            "evaluations_budget": np.full(20, 25.0),
            "reference_evaluations": np.full(20, 10.0),
        }
        found = DETECTORS["slow_training"](values)
        assert (found.fires, found.refuted) == (False, refuted)


@pytest.mark.parametrize("share", [None, 0.25, 2.0])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("dead_relu", {"dead_fraction": [0.55, 0.65, 0.7, 0.8, 0.85]}),
        (
            "vanishing_gradient",
            {
                "first_layer_gradient_rms": [2e-6, 1e-5, 2e-5, 3e-5, 5e-5],
                "last_layer_gradient_rms": [0.1] * 5,
            },
        ),
        (
            "exploding_gradient",
            {
                "first_layer_gradient_rms": [75.0, 90, 110, 130, 150],
                "last_layer_gradient_rms": [1.0] * 5,
            },
        ),
    ],
)
def test_of_what_the_start_decides_seeds_are_independent(name, values, share):
    values = {key: np.array(each) for key, each in values.items()}
    assert DETECTORS[name](values, test_over_train=share).fires
