"""Rules on curves that are made up: what is planted is found, and nothing else."""

import numpy as np
import pytest
from gradclinic.bench.statistics.logged import (
    RULES,
    LoggedCurves,
    LoggedSeries,
    gathered,
    judged,
)
from gradclinic.bench.statistics.logged.curves import BLOCKS, at_places
from gradclinic.bench.statistics.logged.trend import drop_a_tenth, slope
from hypothesis import given
from hypothesis import strategies as st

N = 60
E = np.arange(N, dtype=float)
FALL = 2.3 * np.exp(-E / 5) + 0.1


def curves(train, val=None, unit="epoch", **more):
    found = {"train_loss": train, "val_loss": val, **more}
    series = {
        name: LoggedSeries(np.arange(len(y), dtype=float), np.asarray(y, dtype=float))
        for name, y in found.items()
        if y is not None
    }
    return LoggedCurves(series, unit)


def fires(found):
    return [name for name, each in judged(found).items() if each.fires]


PLANTED = {
    "": (FALL, FALL * 1.03),
    "divergence": (np.r_[FALL[:30], [np.nan] * 3], FALL[:33]),
    "oscillation": (
        FALL + 0.5 + 0.3 * (-1.0) ** E,
        FALL + 0.5 + 0.3 * (-1.0) ** (E // 2),
    ),
    "overfitting": (FALL, FALL + 0.02 * np.maximum(0, E - 15)),
    "underfitting": (1.8 + 0.5 * np.exp(-E / 5), 1.82 + 0.5 * np.exp(-E / 5)),
    "slow_training": (2.3 - 0.01 * E, 2.3 - 0.01 * E),
}


@pytest.mark.parametrize("trouble", PLANTED)
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_what_is_planted_is_found_and_nothing_else(trouble, noise):
    rng = np.random.default_rng(0)
    train, val = (
        y * np.exp(noise * rng.standard_normal(len(y))) for y in PLANTED[trouble]
    )
    assert fires(curves(train, val)) == ([trouble] if trouble else [])


def test_a_healthy_curve_is_shown_to_be():
    found = judged(curves(*PLANTED[""]))
    assert list(found) == list(RULES) and all(each.refuted for each in found.values())


@pytest.mark.parametrize(
    "train",
    [
        np.r_[FALL, [30.0] * 8],  # far above the first
        np.r_[FALL, [2.3] * 8],  # back to where it began
        [np.nan, np.nan],
        np.r_[FALL, [np.inf]],
    ],
)
def test_ways_to_diverge(train):
    found = judged(curves(train))
    assert found["divergence"].fires and list(found) == ["divergence"]


def test_a_gradient_that_is_not_finite_is_a_divergence():
    norm = np.r_[np.ones(N - 1), np.inf]
    assert fires(curves(FALL, FALL, gradient_norm=norm)) == ["divergence"]


def test_losses_of_batches_alone_tell_nothing_of_jumps():
    rng = np.random.default_rng(0)
    noisy = (1 + FALL) * np.exp(0.5 * rng.standard_normal(N))
    by_step = judged(curves(noisy, unit="step"))["oscillation"]
    assert not by_step.fires and not by_step.refuted and not by_step.components
    assert judged(curves(noisy))["oscillation"].fires


def test_accuracies_decide_on_underfitting():
    train, val = PLANTED["underfitting"]
    poor, well = np.full(N, 0.4), np.full(N, 0.97)
    assert fires(curves(train, val, train_accuracy=poor, val_accuracy=poor)) == [
        "underfitting"
    ]
    assert fires(curves(train, val, train_accuracy=well, val_accuracy=well)) == []
    half = train - 0.6  # 1.2 of 2.3: with accuracies high, without them left open
    assert fires(curves(half, half, train_accuracy=poor, val_accuracy=poor)) == [
        "underfitting"
    ]
    assert fires(curves(half, half)) == []


def test_few_values_tell_nothing():
    assert fires(curves([2.0, 1.0, 0.5], [2.0, 1.0, 0.5])) == []
    assert not any(each.refuted for each in judged(curves([2.0, 1.0])).values())


@given(
    n=st.integers(5, 80),
    seed=st.integers(0, 99),
    level=st.floats(1e-3, 1e3),
    by=st.floats(1e-3, 1e3),
)
def test_units_of_a_loss_do_not_count(n, seed, level, by):
    """The verdicts of losses in other units, as bits for nats, are the same."""
    rng = np.random.default_rng(seed)
    train, val = level * np.exp(0.3 * rng.standard_normal((2, n))).cumprod(axis=1)
    before, after = (judged(curves(c * train, c * val)) for c in (1.0, by))
    assert [d.fires for d in before.values()] == [d.fires for d in after.values()]


@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=0, max_size=30))
def test_any_numbers_are_judged(values):
    found = judged(curves(np.array(values), np.array(values[::-1])))
    assert set(found) <= set(RULES)


@pytest.mark.parametrize("level", [0.0, 5e307, 1e-308, -1.0])
def test_losses_of_any_size_are_judged(level):
    assert set(judged(curves(np.full(N, level), np.full(N, level)))) <= set(RULES)
    assert set(judged(curves(level * FALL, level * FALL))) <= set(RULES)


def test_a_slope_and_its_interval():
    assert slope(3.0 - 0.5 * np.arange(20)) == pytest.approx((-0.5, -0.5, -0.5))
    assert not np.isfinite(slope(np.ones(4)).low)
    rng, inside = np.random.default_rng(0), 0
    for _ in range(400):
        _, low, high = slope(0.1 * np.arange(30) + rng.standard_normal(30))
        inside += low <= 0.1 <= high
    assert inside >= 0.93 * 400
    found = drop_a_tenth(np.log(np.exp(-0.02 * np.arange(50))))
    assert found == pytest.approx([100 * (1 - np.exp(-0.1))] * 3)


def test_blocks_and_places():
    x, y = np.arange(2000.0), np.r_[np.ones(1999), np.nan]
    found = gathered(x, y)
    assert len(found) == BLOCKS and found.x[-1] == 1999
    assert np.isnan(found.y[-1]) and (found.y[:-1] == 1).all()
    series = LoggedSeries(np.array([1.0, 2, 3, 10]), np.array([1.0, 3, 5, 19]))
    np.testing.assert_allclose(at_places(series, np.array([2.0, 3, 5])).y, [2, 5, 9])


@pytest.mark.parametrize(("rate", "fires"), [(0.03, True), (0.2, True), (0.0, False)])
def test_a_fast_fall_is_no_distance_from_the_lowest_value(rate, fires):
    """The last five values of a curve that falls by a fifth each are far apart."""
    loss = 2.3 * (1 - rate) ** np.arange(12)
    series = LoggedSeries(np.arange(12.0), loss)
    curves = LoggedCurves({"train_loss": series, "val_loss": series})
    assert RULES["slow_training"](curves).fires is fires


def test_a_rise_of_a_loss_near_zero_that_costs_nothing_is_no_overfitting():
    """Up by a third from 3 % of the first loss, and a point of accuracy lost."""
    val = np.maximum(FALL, 0.07 + 0.0006 * E)
    told = {"train_accuracy": np.full(N, 0.99), "val_accuracy": np.full(N, 0.98)}
    train = np.maximum(FALL - 0.08, 0.02)
    assert val[-1] / val.min() > 1.05 or val[-1] > train[-1] * 1.1
    assert fires(curves(train, val, **told)) == []
    far = {"train_accuracy": np.full(N, 0.99), "val_accuracy": np.full(N, 0.93)}
    assert fires(curves(train, val + 0.2, **far)) == ["overfitting"]


def test_new_rows_that_get_better_slowly_after_all_is_learnt_are_not_slow():
    val = np.maximum(FALL, 1.2 * np.exp(-0.005 * E))
    assert "slow_training" not in fires(curves(FALL * np.exp(-0.01 * E), val))
    assert "slow_training" in fires(curves(val * 0.95, val))
