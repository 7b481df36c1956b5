"""Convolutions of any geometry against a loop over the taps of their windows."""

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import sequential
from hypothesis import given, settings
from hypothesis import strategies as st

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))


def naive(layer, net, params, x, slopes):
    """(y, dw and db, dx) of sum(y slopes); x: float[b, h, w, c]."""
    plan = net.nodes[0].plan
    (h, w), geometry = x.shape[1:3], plan.geometry
    (kh, kw, sh, sw, dh, dw_, above, before, groups, p, q) = geometry[3:]
    c, o = x.shape[3] // groups, layer.outputs
    weights = params[: plan.rows * o].reshape(kh, kw, c, o)
    room = ((0, 0), (above, kh * dh + p * sh), (before, kw * dw_ + q * sw), (0, 0))
    wide, slopes = np.pad(x, room), slopes.reshape(len(x), p, q, o)
    y = np.zeros_like(slopes) + params[plan.rows * o :]
    dw, dx = np.zeros_like(weights), np.zeros_like(wide)
    for a, b, g in np.ndindex(kh, kw, groups):
        down = slice(a * dh, a * dh + (p - 1) * sh + 1, sh)
        across = slice(b * dw_, b * dw_ + (q - 1) * sw + 1, sw)
        inside = slice(g * c, g * c + c)
        out = slice(g * o // groups, (g + 1) * o // groups)
        seen, tap = wide[:, down, across, inside], weights[a, b, :, out]
        y[..., out] += seen @ tap
        dw[a, b, :, out] = np.einsum("npqc,npqo->co", seen, slopes[..., out])
        dx[:, down, across, inside] += slopes[..., out] @ tap.T
    whole = np.concatenate([dw.ravel(), slopes.sum(axis=(0, 1, 2))])
    return y, whole, dx[:, above : above + h, before : before + w]


def check(shape, layer, seed):
    from .test_torch_layers import passed

    net = sequential(shape, [layer], "mse")
    rng = np.random.default_rng(seed)
    params = rng.normal(size=net.n_params)
    x = rng.normal(size=(2, *shape))
    slopes = rng.normal(size=(2, net.outputs))
    wanted = naive(layer, net, params, x, slopes)
    flat = x.reshape(2, -1)
    y, dx, dw = passed(net, params, flat, slopes.copy(), np.empty(0), 0)
    for got, want in zip((y, dw, dx), wanted, strict=True):
        np.testing.assert_allclose(got.ravel(), want.ravel(), rtol=1e-9, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(5, 11), st.integers(5, 11)),
    per_group=st.tuples(st.integers(1, 5), st.integers(1, 9)),
    groups=st.integers(1, 2),
    kernel=PAIR,
    stride=PAIR,
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    padding=st.sampled_from(["valid", "same"]),
    seed=st.integers(0, 99),
)
def test_any_geometry(size, per_group, groups, kernel, stride, dilation, padding, seed):
    channels, outputs = (groups * each for each in per_group)
    layer = L.Conv2D(
        outputs,
        kernel,
        padding,
        stride=stride,
        dilation=dilation,
        groups=groups,
    )
    check((*size, channels), layer, seed)


@pytest.mark.parametrize("outputs", [40, 70])
def test_more_weights_than_a_panel_holds(outputs):
    """5 x 5 pixels of 70 channels are more than the 1,024 rows of a panel."""
    check((7, 6, 18), L.Conv2D(outputs, 5, "same"), 0)
