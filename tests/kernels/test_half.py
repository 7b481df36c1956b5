"""Storage in two bytes: what is rounded to what, by rules that NumPy and bits tell."""

import numpy as np
import pytest
from gradclinic.kernels.half import FORMATS, pack, unpack
from hypothesis import given
from hypothesis import strategies as st

singles = st.floats(width=32, allow_nan=False)


def stored(x, name, dtype=np.float32):
    """(bits, what is read back) of numbers."""
    x = np.asarray(x, dtype)
    bits, back = np.empty(x.size, np.uint16), np.empty_like(x)
    pack(bits, x, FORMATS[name])
    unpack(back, bits, FORMATS[name])
    return bits, back


def nearest_bfloat16(x):
    """The two bfloat16 around a float32, and of them the nearer, or the even one."""
    upper = int(np.float32(x).view(np.uint32)) >> 16
    around = [np.uint32(near << 16).view(np.float32) for near in (upper, upper + 1)]
    # The step behind the largest counts as the infinity that its bits are.
    steps = [np.float64(side) if np.isfinite(side) else 2.0**128 for side in around]
    below, above = (abs(abs(np.float64(x)) - abs(step)) for step in steps)
    return around[int(below > above or (below == above and upper % 2 == 1))]


@given(st.lists(singles, min_size=1, max_size=40))
def test_bfloat16_is_the_nearest_and_ties_go_to_the_even(numbers):
    numbers = [x for x in numbers if np.isfinite(x)] or [1.0]
    _, back = stored(numbers, "bfloat16")
    wanted = np.array([nearest_bfloat16(x) for x in numbers])
    np.testing.assert_array_equal(back, wanted)


@given(st.lists(singles, min_size=1, max_size=40))
def test_float16_is_numpy_s(numbers):
    bits, _ = stored(numbers, "float16")
    with np.errstate(over="ignore"):
        wanted = np.array(numbers, np.float32).astype(np.float16)
    np.testing.assert_array_equal(bits.view(np.float16), wanted)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_has_no_neighbours_stays(name, dtype):
    numbers = [0.0, -0.0, np.inf, -np.inf, 1.0, -2.5, 240.0]
    bits, back = stored(numbers, name, dtype)
    np.testing.assert_array_equal(back, np.array(numbers, dtype))
    assert np.signbit(back).tolist() == np.signbit(numbers).tolist()
    assert bits.itemsize == 2


@pytest.mark.parametrize("name", FORMATS)
def test_every_nan_stays_one(name):
    # The digits of the last two are lost, and would leave infinity.
    patterns = [0x7FC00000, 0xFFFFFFFF, 0x7F800001, 0xFF800001]
    numbers = np.array(patterns, np.uint32).view(np.float32)
    assert np.isnan(stored(numbers, name)[1]).all()


def test_bfloat16_keeps_the_range_that_float16_does_not():
    large = [1e5, -3e38, 1e-20]
    np.testing.assert_allclose(stored(large, "bfloat16")[1], large, rtol=2**-8)
    assert stored(large, "float16")[1].tolist() == [np.inf, -np.inf, 0.0]
