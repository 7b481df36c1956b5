"""The tiled matrix products at sizes that are drawn, where hypothesis is installed."""

import pytest
from gradclinic.kernels.cuda.tile import TILES

from .dense import OPERATIONS, Layer

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    sizes=st.tuples(*[st.integers(1, 19)] * 3),
    start=st.integers(0, 5),
    dtype=st.sampled_from(["float32", "float64"]),
    operation=st.sampled_from(OPERATIONS),
)
def test_any_size(sizes, start, dtype, operation):
    getattr(Layer(sizes, dtype, start=start), operation)(TILES[-1])
