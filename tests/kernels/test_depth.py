"""What reaches the first of fifty layers: Glorot & Bengio (2010), He et al. (2016)."""

import numpy as np
import pytest
from gradclinic.kernels import layers as L
from gradclinic.kernels import sequential

DEPTH, UNITS = 50, 32


def gradient_norms(layers, seed):
    """Norm of the gradient of each weight matrix but the last, first layer first."""
    net = sequential((UNITS,), [*layers, L.Dense(10)])
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(64, UNITS)), rng.integers(0, 10, 64)
    _, grad = net.loss_and_grad(net.init(seed, np.float64), x, y)
    sizes = {n: slice(s, s + np.prod(shape)) for n, s, shape in net.layout}
    weights = [place for name, place in sizes.items() if name.endswith(".weight")]
    return np.array([np.linalg.norm(grad[place]) for place in weights[:-1]])


@pytest.mark.parametrize("seed", range(5))
def test_sigmoids_lose_a_constant_share_of_the_gradient_a_layer(seed):
    norms = gradient_norms([L.Dense(UNITS, "sigmoid")] * DEPTH, seed)
    steps = np.diff(np.log(norms))
    assert np.corrcoef(np.arange(DEPTH), np.log(norms))[0, 1] ** 2 > 0.999
    assert 3.0 < np.exp(steps.mean()) < 6.0  # Glorot: the slope is at most a quarter


@pytest.mark.parametrize("seed", range(5))
def test_skips_and_norms_keep_it(seed):
    block = L.Residual([L.LayerNorm(), L.Dense(UNITS, "sigmoid")])
    norms = gradient_norms([block] * DEPTH, seed)
    assert len(norms) == DEPTH and norms.max() / norms.min() <= 3.0
