"""The fit of steps against rows a step finds what made them."""

import numpy as np
import pytest
from gradclinic.bench.statistics.critical_batch import critical_batch
from hypothesis import given, settings
from hypothesis import strategies as st

ROWS = np.array([4.0, 8, 16, 32, 64, 128, 256, 512])


@settings(max_examples=30, deadline=None)
@given(st.floats(5, 5000), st.floats(2, 1000))
def test_an_exact_curve_is_found(least, critical):
    found = critical_batch(ROWS, least * (1 + critical / ROWS))
    assert found.least_steps == pytest.approx(least, rel=1e-3)
    assert found.critical == pytest.approx(critical, rel=1e-3)
    # (S / S_min - 1) (E / E_min - 1) = 1, with E_min = B_crit S_min
    steps = found.steps(ROWS)
    rows_seen = steps * ROWS / (found.critical * found.least_steps)
    np.testing.assert_allclose((steps / found.least_steps - 1) * (rows_seen - 1), 1)


def test_what_missed_is_left_out():
    steps = 100 * (1 + 50 / ROWS)
    steps[[0, 3]] = np.inf
    assert critical_batch(ROWS, steps).critical == pytest.approx(50, rel=1e-3)


def test_two_points_are_no_curve():
    steps = np.where(ROWS < 10, 100.0, np.inf)
    assert critical_batch(ROWS, steps) is None
