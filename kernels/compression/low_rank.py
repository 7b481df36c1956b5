"""Low-rank factorisation: a weight matrix as the product of two thin ones."""

import numpy as np

from ..network import Network
from ..threads import one_blas_thread
from ..validation import check_count
from .parts import TrainedLayer, put_together, taken_apart


def low_rank(
    network: Network, params: np.ndarray, rank: int
) -> tuple[Network, np.ndarray]:
    """(network, params) with W [i, o] as U [i, rank] V [rank, o] where that is smaller.

    params: float[n_values] of a trained network of dense layers, not changed. U V is
    the best approximation of W of that rank in the squared error: the largest singular
    values are kept (Eckart & Young, 1936), half of each in U and in V. A factored layer
    is two dense ones, of which the first has no activation; one with rank (i + o + 1)
    not below i o stays as it is. Train on as usual. Source: Denton, Zaremba, Bruna,
    LeCun & Fergus (2014), Exploiting linear structure within convolutional networks for
    efficient evaluation, section 3; for dense layers Sainath et al. (2013), Low-rank
    matrix factorization for deep neural network training, ICASSP. ValueError or
    TypeError in one sentence on another rank, layer, shape or dtype, and on numbers
    that are not finite.
    """
    layers = taken_apart(network, params, "factored")
    rank = check_count("rank", rank, 1)
    factored = []
    for layer in layers:
        i, o = layer.weights.shape
        smaller = rank * (i + o + 1) < i * o
        factored += _factors(layer, rank) if smaller else [layer]
    return put_together(factored, network.loss)


def _factors(layer, rank):
    dtype = layer.weights.dtype
    with one_blas_thread():
        u, sizes, v = np.linalg.svd(layer.weights.astype(np.float64), False)
    root = np.sqrt(sizes[:rank])
    first = (u[:, :rank] * root).astype(dtype)
    second = (root[:, None] * v[:rank]).astype(dtype)
    return [
        TrainedLayer(first, np.zeros(rank, dtype), "identity"),
        TrainedLayer(second, layer.bias, layer.activation),
    ]
