"""The kernels of rows give what the CPU's compiled layers and penalties give."""

import numpy as np
import pytest
from gradclinic.kernels import table
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.cache import plain
from gradclinic.kernels.cuda import batch_place, rows
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.jit import jit
from gradclinic.kernels.layers import KINDS
from gradclinic.kernels.penalties import add_penalty
from numba import cuda

CLOSE = {"float32": 3e-6, "float64": 1e-13}
KEY, LAYER = np.array([11, 12], np.uint32), 17
B = 5
dtypes = pytest.mark.parametrize("dtype", CLOSE)


def normal(*shape, dtype="float64", seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def place(start=0, size=B, step=1):
    """int32[PLACES] on the device."""
    entries = np.zeros(batch_place.PLACES, np.int32)
    entries[batch_place.START], entries[batch_place.ROWS] = start, size
    entries[batch_place.STEP] = step
    return cuda.to_device(entries)


def run(kernel, blocks, out, *arguments):
    """What a kernel leaves in `out`, given as it was before."""
    device = cuda.to_device(out)
    arrays = [cuda.to_device(a) if isinstance(a, np.ndarray) else a for a in arguments]
    kernel.launch(out.dtype.name, blocks, 0, device, *arrays)
    return device.copy_to_host()


def layer(kind, role, x, setting, step):
    """What the CPU's compiled layer makes of x: y, or dx where x is dy."""
    dtype, row = x.dtype.name, np.zeros(table.FIELDS, np.int64)
    row[table.STREAM] = LAYER
    draw = np.array([*KEY, step, 0, 0], np.uint32)
    out, w = np.empty_like(x), np.empty(0, dtype)
    kept = np.empty((len(x), 0), dtype)
    rest = (kept, x, w, w) if role == "forward" else (x.copy(), kept, x, x, w)
    rule = compiled(getattr(KINDS[kind], role), role, dtype)
    rule(out, *rest, row, setting, draw, 0, 0)
    return out


@dtypes
@pytest.mark.parametrize("size", [B, 3])
def test_gather(size, dtype):
    x, y = normal(9, 12, dtype=dtype), normal(9, 2, dtype=dtype, seed=1)
    order = np.random.default_rng(2).permutation(9).astype(np.int32)
    xb = cuda.to_device(np.full((B, 12), 7, dtype))
    yb = cuda.to_device(np.full((B, 2), 7, dtype))
    arrays = [cuda.to_device(each) for each in (x, y, order)]
    start = 9 - size
    rows.gather.launch(dtype, 2, 0, xb, yb, *arrays, place(start, size))
    for mine, whole in ((xb, x), (yb, y)):
        mine = mine.copy_to_host()
        np.testing.assert_array_equal(mine[:size], whole[order[start:]])
        assert not mine[size:].any()


def each(function, values):
    """A formula of the CPU, compiled, of each number."""
    compiled_one = jit(plain(function), cache=False)
    return np.array([compiled_one(value) for value in values])


@dtypes
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_and_chain(name, dtype):
    x, dy = 3 * normal(21, dtype=dtype), normal(21, dtype=dtype, seed=1)
    x[:2] = 0, 0.01
    one, close = ACTIVATIONS[name], CLOSE[dtype]
    y = each(one.formula, x).astype(dtype)
    mine = run(rows.activation, 2, x * 0, x, one.number)
    np.testing.assert_allclose(mine, y, rtol=close, atol=close)
    v = y if one.slope_from_output else x
    mine = run(rows.chain, 2, dy, dy, v, one.number)
    np.testing.assert_allclose(mine, dy * each(one.slope, v), rtol=close, atol=close)


@dtypes
@pytest.mark.parametrize("width", [1, 6, 8])
@pytest.mark.parametrize("step", [table.EVALUATE, 3])
def test_dropout(step, width, dtype):
    x = normal(B, width, dtype=dtype)
    least, scale = rows.dropout_of(0.4)
    mine = run(rows.dropout, 1, x + 1, x, KEY, place(step=step), LAYER, least, scale)
    wanted = layer("dropout", "forward", x, 0.4, step)
    np.testing.assert_allclose(mine, wanted, rtol=CLOSE[dtype])
    assert ((mine == 0) == (wanted == 0)).all()
    if step == table.EVALUATE:
        np.testing.assert_array_equal(mine, x)
    else:
        assert (mine == 0).any()
        wanted = layer("dropout", "backward", x, 0.4, step)
        np.testing.assert_allclose(mine, wanted, rtol=CLOSE[dtype])


@dtypes
@pytest.mark.parametrize("width", [1, 6, 8])
@pytest.mark.parametrize("step", [table.EVALUATE, 3])
def test_noise(step, width, dtype):
    x, close = normal(B, width, dtype=dtype), CLOSE[dtype]
    mine = run(rows.noise, 1, x + 1, x, KEY, place(step=step), LAYER, 0.3)
    wanted = layer("noise", "forward", x, 0.3, step)
    np.testing.assert_allclose(mine, wanted, rtol=close, atol=close)
    assert (mine == x).all() == (step == table.EVALUATE)


@dtypes
@pytest.mark.parametrize("shape", [(B, 3), (7, 9), (1, 4)])
def test_bias_sums(shape, dtype):
    dz, g = normal(*shape, dtype=dtype), np.full(shape[1] + 5, 7, dtype)
    blocks = rows.column_blocks(shape[1])
    mine = run(rows.bias_sums, blocks, g, dz, 2)
    g[2:-3] = dz.sum(0)
    np.testing.assert_allclose(mine, g, rtol=1e-5 if dtype == "float32" else 1e-13)


@dtypes
@pytest.mark.parametrize(("l1", "l2"), [(0.1, 0.0), (0.0, 0.2), (0.1, 0.2)])
def test_penalise(l1, l2, dtype):
    g, p = normal(23, dtype=dtype), normal(23, dtype=dtype, seed=1)
    p[5] = 0
    mine = run(rows.penalise, 1, g, p, 3, 15, l1, l2)
    add_penalty(g, p, np.array([[3, 4, 3]]), (0, 23), l1, l2)
    np.testing.assert_allclose(mine, g, rtol=CLOSE[dtype], atol=CLOSE[dtype])


@dtypes
def test_copy(dtype):
    x = normal(19, dtype=dtype)
    np.testing.assert_array_equal(run(rows.copy, 2, x * 0, x), x)
