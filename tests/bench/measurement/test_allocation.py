"""The bytes of a call are those that it held at once, whoever else traces."""

import gc
import tracemalloc

import numpy as np
import pytest
from gradclinic.bench.measurement.allocation import allocated

MB = 2**20


def two_at_once():
    held = np.zeros(3 * MB, np.uint8)
    np.ones(2 * MB, np.uint8)
    return held


@pytest.mark.parametrize("tracing", [False, True])
def test_the_peak_is_what_was_held_at_once_and_nothing_else_changes(tracing):
    if tracing:
        tracemalloc.start()
        before = np.zeros(8 * MB, np.uint8)  # was held before, and does not count
        assert before.size
    try:
        assert 5 * MB <= allocated(two_at_once) < 5.1 * MB
        assert allocated(lambda: None) < MB / 10
        assert tracemalloc.is_tracing() == tracing and gc.isenabled()
    finally:
        tracemalloc.stop()


def test_an_error_passes_and_leaves_nothing_traced():
    with pytest.raises(ZeroDivisionError):
        allocated(lambda: 1 / 0)
    assert not tracemalloc.is_tracing() and gc.isenabled()
