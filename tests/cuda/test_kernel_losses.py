"""The kernels of losses give what the CPU's compiled losses and draws give."""

import numpy as np
import pytest
from gradclinic.kernels import sampling
from gradclinic.kernels.cuda import batch_place, losses
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.losses import LOSSES
from gradclinic.kernels.sampling import draw_targets
from numba import cuda

from ..kernels import naive

CLOSE = {"float32": 2e-6, "float64": 1e-13}
CASES = [(name, width) for name in LOSSES for width in (1, 3)]
CASES.remove(("cross_entropy", 1))
CASES.remove(("soft_cross_entropy", 1))
SAMPLED = [case for case in CASES if LOSSES[case[0]].sampler != sampling.NO_SAMPLER]
# Rows of the workspace and of the batch: some threads have two, some only pad.
B, FULL = 11, 9


def outputs(name, width, dtype):
    """(z, y): outputs with some that are huge, and targets of the loss's kind."""
    rng = np.random.default_rng(width)
    z = 2 * rng.normal(size=(B, width))
    z[3] *= 100
    z[4, -1] += 900  # beyond what exp bears, were it not the row's largest
    kind = LOSSES[name].target
    if kind == "margin":
        kind = "binary" if width == 1 else "class"
    y = {
        "class": rng.integers(0, width, (B, 1)),
        "binary": rng.integers(0, 2, (B, width)),
        "value": rng.normal(size=(B, width)),
        "share": rng.dirichlet(np.ones(width), B),
    }[kind]
    return z.astype(dtype), y.astype(dtype)


def place(rows, step=1):
    """int32[PLACES] on the device."""
    entries = np.zeros(batch_place.PLACES, np.int32)
    entries[batch_place.ROWS], entries[batch_place.STEP] = rows, step
    return cuda.to_device(entries)


def run(name, z, y, rows, summed=0, sampled=0):
    """(dz, losses, scores) of the kernel, in arrays that were not empty before."""
    dtype = z.dtype.name
    out = [cuda.to_device(np.full(s, 7, dtype)) for s in (z.shape, len(z), len(z))]
    losses.gradient.launch(
        dtype,
        1,
        0,
        *out,
        cuda.to_device(z),
        cuda.to_device(y),
        place(rows),
        LOSSES[name].number,
        summed,
        sampled,
    )
    return [each.copy_to_host() for each in out]


def reference(name, z, y, scale):
    """The same of the CPU's compiled loss and score, row by row."""
    dtype = z.dtype.name
    loss = compiled(LOSSES[name].loss, "loss", dtype)
    score = compiled(LOSSES[name].score, "score", dtype)
    dz, rows = np.empty_like(z), [slice(r, r + 1) for r in range(len(z))]
    values = [loss(dz[r], z[r], y[r], scale) for r in rows]
    return dz, np.array(values), np.array([score(z[r], y[r]) for r in rows])


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize(("name", "width"), CASES)
@pytest.mark.parametrize(("summed", "sampled"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_gradient(name, width, summed, sampled, dtype):
    (z, y), close = outputs(name, width, dtype), CLOSE[dtype]
    dz, values, scores = run(name, z, y, FULL, summed, sampled)
    scale = 1.0 if summed else 1.0 / FULL
    if sampled:
        scale = np.sqrt(scale * y.shape[1])
    wanted = reference(name, z[:FULL], y[:FULL], scale)
    for mine, theirs in zip((dz, values, scores), wanted, strict=True):
        np.testing.assert_allclose(mine[:FULL], theirs, rtol=close, atol=close)
        assert not mine[FULL:].any()


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize(("name", "width"), CASES)
def test_losses_are_those_of_the_definition(name, width, dtype):
    """The CPU's losses share their formulas with the device's; these do not."""
    z, y = outputs(name, width, dtype)
    values, slopes = naive.LOSSES[name](z[:FULL].astype(float), y[:FULL].astype(float))
    rows = values.mean(1) if values.ndim == 2 else values
    share = width if values.ndim == 2 else 1
    dz, mine, _ = run(name, z, y, FULL, summed=1)
    close = 10 * CLOSE[dtype]
    np.testing.assert_allclose(mine[:FULL], rows, rtol=close, atol=close)
    np.testing.assert_allclose(dz[:FULL], slopes / share, rtol=close, atol=close)


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize(("name", "width"), CASES)
def test_what_is_not_a_number_stays_visible_in_its_row(name, width, dtype):
    z, y = outputs(name, width, dtype)
    for c in range(width):
        z[c, c] = np.nan
    with np.errstate(invalid="ignore"):
        values = run(name, z, y, B)[1]
    np.testing.assert_array_equal(np.isnan(values), np.arange(B) < width)


def test_the_first_of_equal_logits_counts():
    z, y = np.zeros((3, 3)), np.array([[0.0], [1.0], [2.0]])
    for name in ("cross_entropy", "hinge"):
        np.testing.assert_array_equal(run(name, z, y, 3)[2], [1, 0, 0])


@pytest.mark.parametrize("dtype", CLOSE)
@pytest.mark.parametrize(("name", "width"), SAMPLED)
def test_draw_targets(name, width, dtype):
    z, y = outputs(name, width, dtype)
    z = z.clip(-80, 80)  # the simulator's exp raises where it overflows
    sampler, key = LOSSES[name].sampler, np.array([5, 6], np.uint32)
    mine = cuda.to_device(np.full_like(y, 7))
    losses.draw_targets.launch(
        dtype,
        2,
        0,
        mine,
        cuda.to_device(z),
        cuda.to_device(key),
        place(FULL, 3),
        sampler,
    )
    draw_targets(y, z, np.array([5, 6, 3, 0, sampler], np.uint32))
    close = 10 * CLOSE[dtype]
    np.testing.assert_allclose(mine.copy_to_host(), y, rtol=close, atol=close)
