"""Magnitude pruning: the smallest weights of a trained network become zero."""

import numpy as np

from ..bounds import BELOW_ONE
from ..network import Network
from ..validation import check_number
from .parts import check_trained


def prune(network: Network, params: np.ndarray, sparsity: float) -> np.ndarray:
    """float[n_values]: params with the smallest weights of all layers set to zero.

    params: float[n_values] of a trained network of any layers, not changed. sparsity:
    the share of all weights that becomes zero, in [0, 1); biases stay. One threshold
    holds for the whole network. Train on by `keeping_zeros(optimizer)`, so that what
    is gone stays gone. Source: Han, Pool, Tran & Dally (2015), Learning both weights
    and connections for efficient neural networks, section 3. ValueError or TypeError
    in one sentence on another sparsity, shape or dtype, and on numbers that are not
    finite.
    """
    check_trained(network, params)
    check_number("sparsity", sparsity, BELOW_ONE)
    spans = [slice(start, start + i * o) for start, i, o in network.matrices.tolist()]
    sizes = np.concatenate([np.abs(params[span]) for span in spans] or [np.empty(0)])
    pruned = params.copy()
    # By place in the order, not by a threshold: of equal weights as many go as asked.
    gone = np.zeros(sizes.size, dtype=bool)
    gone[np.argsort(sizes, kind="stable")[: round(sparsity * sizes.size)]] = True
    start = 0
    for span in spans:
        length = span.stop - span.start
        pruned[span][gone[start : start + length]] = 0
        start += length
    return pruned
