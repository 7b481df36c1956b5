"""Structured pruning: whole hidden units go, and with them rows and columns."""

from dataclasses import replace

import numpy as np

from ..bounds import BELOW_ONE
from ..network import Network
from ..validation import check_number
from .parts import put_together, taken_apart


def prune_units(
    network: Network, params: np.ndarray, share: float
) -> tuple[Network, np.ndarray]:
    """(network, params) without the weakest units of every hidden layer.

    params: float[n_values] of a trained network of dense layers, not changed. share:
    of the units of each hidden layer that go, in [0, 1); one stays at least. A unit is
    as strong as the sum of the sizes of the weights that lead to it. The matrices that
    are left are dense and smaller, so that all that computes with them does less; train
    on as usual. Source: Li, Kadav, Durdanovic, Samet & Graf (2017), Pruning filters for
    efficient ConvNets, section 3.1, for units in the place of filters. ValueError or
    TypeError in one sentence on another share, layer, shape or dtype, and on numbers
    that are not finite.
    """
    layers = taken_apart(network, params, "pruned by units")
    check_number("share", share, BELOW_ONE)
    kept = np.arange(len(layers[0].weights))
    smaller = []
    for number, layer in enumerate(layers):
        weights, bias = layer.weights[kept], layer.bias
        kept = np.arange(len(bias))
        if number < len(layers) - 1:
            # By all weights that led to it, as Li et al. count those to pruned units.
            kept = _strongest(np.abs(layer.weights).sum(axis=0), share)
        smaller.append(replace(layer, weights=weights[:, kept], bias=bias[kept]))
    return put_together(smaller, network.loss)


def _strongest(strength, share):
    """int[k]: places of the strongest, in order; at least one."""
    count = max(1, len(strength) - round(share * len(strength)))
    return np.sort(np.argsort(-strength, kind="stable")[:count])
