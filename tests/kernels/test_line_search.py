"""The strong Wolfe search: both conditions, whatever the line and the first trial."""

import numpy as np
import pytest
from gradclinic.kernels.line_search import (
    Probe,
    SearchLine,
    cubic_minimum,
    strong_wolfe,
)
from gradclinic.kernels.minimiser import Iterate
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

# name: (value, slope) along a line from 0, where the slope is negative.
LINES = {
    "quadratic": (lambda t: (t - 1) ** 2, lambda t: 2 * (t - 1)),
    "quartic": (lambda t: (t - 3) ** 4 / 20 - t, lambda t: (t - 3) ** 3 / 5 - 1),
    "waves": (lambda t: np.cos(3 * t + 1) + t, lambda t: 1 - 3 * np.sin(3 * t + 1)),
    "kink": (lambda t: abs(t - 0.7) + t * t / 50, lambda t: np.sign(t - 0.7) + t / 25),
    # Moré & Thuente (1994), eq. 5.1 with beta = 2.
    "rational": (lambda t: -t / (t * t + 2), lambda t: (t * t - 2) / (t * t + 2) ** 2),
    "wall": (
        lambda t: -t + 1 / (5 - t) if t < 5 else np.inf,
        lambda t: -1 + 1 / (5 - t) ** 2 if t < 5 else np.nan,
    ),
}


def line_of(name, c2=0.9):
    value, slope = LINES[name]

    def objective(p):
        return Iterate(p, float(value(p[0])), np.array([slope(p[0])], dtype=float))

    return SearchLine(objective, objective(np.zeros(1)), np.ones(1), c2=c2)


@pytest.mark.parametrize("name", sorted(set(LINES) - {"kink"}))
@given(first=st.floats(-4, 2), c2=st.sampled_from([0.1, 0.5, 0.9]))
def test_both_conditions_hold(name, first, c2):
    line = line_of(name, c2)
    end = strong_wolfe(line, 10.0**first, 60, 1e-12)
    assert end.t > 0
    assert end.value <= line.start.value + 1e-4 * end.t * line.start.slope
    assert abs(end.slope) <= c2 * abs(line.start.slope)


def test_a_kink_has_no_flat_step_but_one_that_is_low():
    line = line_of("kink", c2=0.1)
    end = strong_wolfe(line, 1.0, 60, 1e-9)
    assert end.t == pytest.approx(0.7, abs=1e-8)
    assert line.calls < 60


@pytest.mark.parametrize("most", [1, 2, 5, 20])
def test_it_never_asks_more_than_one_above_the_limit(most):
    for name in LINES:
        line = line_of(name, c2=1e-6)
        end = strong_wolfe(line, 1e-3, most, 0.0)
        assert line.calls <= most + 1
        assert end.value <= line.start.value


def test_where_nothing_is_finite_it_stays():
    def objective(p):
        return Iterate(p, np.inf if p[0] > 0 else 1.0, np.full(1, -1.0))

    line = SearchLine(objective, objective(np.zeros(1)), np.ones(1))
    assert strong_wolfe(line, 1.0, 20, 1e-12).t == 0


@given(
    values=st.tuples(*[st.floats(-5, 5)] * 4),
    places=st.tuples(st.floats(0, 1), st.floats(1.01, 3)),
)
def test_the_cubic_minimum_is_that_of_the_interpolant(values, places):
    (fa, fb, ga, gb), (ta, tb) = values, places
    a, b = (Probe(*numbers, None) for numbers in ((ta, fa, ga), (tb, fb, gb)))
    found = cubic_minimum(a, b, ta, tb)
    assert ta <= found <= tb
    assert found == cubic_minimum(b, a, ta, tb)
    if ga < -1e-3 and gb > 1e-3:  # a minimum lies between
        spline = CubicHermiteSpline([ta, tb], [fa, fb], [ga, gb])
        grid = spline(np.linspace(ta, tb, 2001))
        assert spline(found) <= grid.min() + 1e-6 * (1 + np.ptp(grid))
