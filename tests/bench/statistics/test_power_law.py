"""A law is found again from its own numbers, and its intervals cover it."""

import numpy as np
import pytest
from gradclinic.bench.statistics.power_law import (
    SLOWEST,
    STEEPEST,
    PowerLaw,
    fitted,
    law_intervals,
)
from hypothesis import given
from hypothesis import strategies as st

SIZES = np.array([1.0, 2, 4, 8, 12, 20])


@given(
    scale=st.floats(0.05, 20),
    exponent=st.floats(0.1, 3),
    floor=st.floats(0, 10),
)
def test_exact_numbers_give_their_law_back(scale, exponent, floor):
    law = PowerLaw(scale, exponent, floor)
    found = fitted(SIZES, law.at(SIZES))
    np.testing.assert_allclose(found.at(SIZES), law.at(SIZES), rtol=1e-4)
    if scale > 0.3 * floor:  # else the law is hardly seen above its floor
        assert found.exponent == pytest.approx(exponent, rel=0.02)


def test_sizes_are_taken_as_multiples_of_the_first():
    law = PowerLaw(2.0, 0.5, 0.3)
    assert fitted(400 * SIZES, law.at(SIZES)).exponent == pytest.approx(0.5, rel=1e-3)


def test_half_of_what_lies_above_the_floor_is_left_after_that_many_times_the_rows():
    law = PowerLaw(2.0, 0.5, 0.3)
    assert law.half == pytest.approx(4.0)
    assert law.at(4 * 3.0) - 0.3 == pytest.approx((law.at(3.0) - 0.3) / 2)


@pytest.mark.parametrize("errors", [np.ones(6), np.linspace(1, 2, 6)], ids=str)
def test_what_does_not_fall_has_a_law_within_the_bounds(errors):
    law = fitted(SIZES, errors)
    assert SLOWEST <= law.exponent <= STEEPEST and np.isfinite(law.at(SIZES)).all()


@pytest.mark.parametrize(
    ("sizes", "errors", "said"),
    [
        ([1, 2, 3], [1, 1, 1], "four"),
        ([1, 3, 2, 4], [1, 1, 1, 1], "rising"),
        ([1, 2, 3, 4], [1, 1, 1], "four"),
        ([1, 2, 3, 4], [1, 1, np.inf, 1], "finite"),
        ([1, 2, 3, 4], [1, 1, 0, 1], "positive"),
    ],
)
def test_what_cannot_be_fitted_is_refused(sizes, errors, said):
    with pytest.raises(ValueError, match=said):
        fitted(sizes, errors)


def test_one_seed_has_no_interval():
    with pytest.raises(ValueError, match="two seeds"):
        law_intervals(SIZES, np.ones((1, 6)), np.random.default_rng(0))


def test_the_intervals_of_four_seeds_cover_the_exponent():
    """Errors of 5 % that a seed shares between its sizes, and 3 % of their own."""
    law, rng, covered, width = PowerLaw(1.0, 0.6, 0.3), np.random.default_rng(8), 0, []
    floors = 0
    for _ in range(20):
        shared, own = rng.normal(0, 0.05, (4, 1)), rng.normal(0, 0.03, (4, 6))
        errors = law.at(SIZES) * np.exp(shared + own)
        _, found = law_intervals(SIZES, errors, rng)
        ends = found["exponent"]
        assert ends.low <= ends.value <= ends.high
        covered += ends.low <= 0.6 <= ends.high
        width.append(ends.high - ends.low)
        for end in (found["floor"], found["half"]):
            assert end.low <= end.value <= end.high
        assert found["half"].low == pytest.approx(2 ** (1 / ends.high))
        floors += found["floor"].low <= 0.3 <= found["floor"].high
    assert covered >= 16 and floors >= 16
    assert np.median(width) < 1.5
