"""Matrix products of any size and place, by tiles and by BLAS, against NumPy."""

import numpy as np
import pytest
from gradclinic.kernels import matmul, tile
from gradclinic.kernels.jit import jit
from hypothesis import given, settings
from hypothesis import strategies as st

DTYPES = (np.float32, np.float64)
# Sizes around what tiles, panels and the choice of BLAS turn on.
ROWS = st.sampled_from([1, 3, 7, 8, 9, 31, 32, 33, 64, 128, 129])
SMALL = st.integers(1, 70)
DEEP = st.sampled_from([1, 2, 17, 63, 64, 65, 255, 257, 300])


@jit
def columns(y, x, w, first, count):
    matmul.product_columns(y, x, w, first, count)


@jit
def transposed(dx, dy, w, first, count):
    matmul.product_transposed_columns(dx, dy, w, first, count)


@jit
def outer(dw, x, dy, first, more):
    matmul.outer_sum(dw, x, dy, first, more)


def close(got, wanted, dtype):
    scale = np.abs(wanted).max(initial=1.0)
    tolerance = 1e-4 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(got / scale, wanted / scale, atol=tolerance)


def draw(seed, *shapes, dtype):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=40, deadline=None)
@given(b=ROWS, i=DEEP, o=SMALL, data=st.data())
def test_some_columns_of_a_product(dtype, b, i, o, data):
    first = data.draw(st.integers(0, o - 1))
    count = data.draw(st.integers(1, o - first))
    x, w, y = draw(b * i + o, (b, i), (i, o), (b, o), dtype=dtype)
    wanted = y.astype(np.float64)
    part = slice(first, first + count)
    wanted[:, part] = x.astype(np.float64) @ w[:, part]
    columns(y, x, w, first, count)
    close(y, wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=40, deadline=None)
@given(b=ROWS, i=SMALL, o=DEEP, data=st.data())
def test_some_columns_of_a_product_with_a_transpose(dtype, b, i, o, data):
    first = data.draw(st.integers(0, i - 1))
    count = data.draw(st.integers(1, i - first))
    dy, w, dx = draw(b * i + o, (b, o), (i, o), (b, i), dtype=dtype)
    wanted = dx.astype(np.float64)
    part = slice(first, first + count)
    wanted[:, part] = dy.astype(np.float64) @ w[part].T
    transposed(dx, dy, w, first, count)
    close(dx, wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=40, deadline=None)
@given(b=ROWS, i=SMALL, o=SMALL, more=st.booleans(), data=st.data())
def test_some_rows_of_an_outer_sum(dtype, b, i, o, more, data):
    first = data.draw(st.integers(0, i - 1))
    count = data.draw(st.integers(1, i - first))
    x, dy, dw = draw(b * i + o, (b, i), (b, o), (count, o), dtype=dtype)
    wanted = x[:, first : first + count].T.astype(np.float64) @ dy
    wanted += dw if more else 0
    outer(dw, x, dy, first, more)
    close(dw, wanted, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_not_a_number_stays_visible_where_it_belongs(dtype):
    x, w, y = draw(0, (32, 64), (64, 48), (32, 48), dtype=dtype)
    x[3, 5] = np.nan
    columns(y, x, w, 0, 48)
    assert np.isnan(y[3]).all()
    assert np.isfinite(np.delete(y, 3, axis=0)).all()


def test_a_panel_holds_the_deepest_product():
    depth = tile.DEEPEST
    x, w, y = draw(1, (16, depth), (depth, 40), (16, 40), dtype=np.float32)
    columns(y, x, w, 0, 40)
    close(y, x.astype(np.float64) @ w, np.float32)
    dy, w, dx = draw(2, (16, depth), (40, depth), (16, 40), dtype=np.float32)
    transposed(dx, dy, w, 0, 40)
    close(dx, dy.astype(np.float64) @ w.T, np.float32)


@jit
def blocks(kind, c, a, b, places, sizes, strides, more):
    if kind == 0:
        matmul.block_product(c, a, b, places, sizes, strides, more)
    elif kind == 1:
        matmul.block_product_transposed(c, a, b, places, sizes, strides, more)
    else:
        matmul.block_outer_sum(c, a, b, places, sizes, strides, more)


@pytest.mark.parametrize("dtype", DTYPES)
@settings(max_examples=60, deadline=None)
@given(
    kind=st.integers(0, 2),
    m=ROWS,
    n=SMALL,
    k=st.sampled_from([1, 2, 17, 64, 129]),
    more=st.booleans(),
    beside=st.tuples(*[st.integers(0, 9)] * 3),
)
def test_products_of_blocks(dtype, kind, m, n, k, more, beside):
    """Blocks that begin at (2, beside) of wider matrices; nothing else moves."""
    shapes = (m, n), (k, m) if kind == 2 else (m, k), (n, k) if kind == 1 else (k, n)
    larger = [(r + 3, w + b + 4) for (r, w), b in zip(shapes, beside, strict=True)]
    c, a, b = draw(m * n + k, *larger, dtype=dtype)
    inside = [
        (slice(2, 2 + rows), slice(at, at + width))
        for (rows, width), at in zip(shapes, beside, strict=True)
    ]
    left, right = (
        matrix[part].astype(float)
        for matrix, part in zip((a, b), inside[1:], strict=True)
    )
    wanted, before = c.astype(float), c[inside[0]].astype(float)
    product = (left.T if kind == 2 else left) @ (right.T if kind == 1 else right)
    wanted[inside[0]] = product + before * more
    strides = tuple(width for _, width in larger)
    places = tuple(2 * s + at for s, at in zip(strides, beside, strict=True))
    blocks(kind, c, a, b, places, (m, n, k), strides, more)
    close(c, wanted, dtype)
