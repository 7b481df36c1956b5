"""A trained network of dense layers taken apart, and put together again."""

from dataclasses import dataclass

import numpy as np

from ..building import sequential
from ..layers.dense import Dense
from ..network import Network, check_network
from ..quantised import IDLE
from ..validation import check_finite, check_floats


@dataclass(frozen=True)
class TrainedLayer:
    """weights: float[i, o]; bias: float[o]; activation: a key of `ACTIVATIONS`."""

    weights: np.ndarray
    bias: np.ndarray
    activation: str


def check_trained(network: Network, params: np.ndarray) -> None:
    """ValueError or TypeError in one sentence unless params are those of the network.

    params: float[n_values], all finite.
    """
    check_network(network)
    check_floats("params", params, (network.n_values,))
    check_finite("params", params)


def taken_apart(
    network: Network, params: np.ndarray, done: str = "compressed"
) -> list[TrainedLayer]:
    """The dense layers of a network, views of params: float[n_values].

    done: what is to be done to them, for the error. ValueError on another layer, on
    parameters that are not finite or of another shape.
    """
    check_trained(network, params)
    found, entries = [], {name: (start, s) for name, start, s in network.layout}
    for number, node in enumerate(network.nodes):
        if node.kind.name in IDLE:
            continue
        if node.kind.name != "dense" or node.inputs != node.plan.rows:
            raise ValueError(
                f"only dense layers can be {done}, and this network has a"
                f" {node.kind.name} layer for rows of {node.inputs} numbers"
            )
        arrays = {}
        for part in ("weight", "bias"):
            start, shape = entries[f"layer{number}.{part}"]
            size = int(np.prod(shape))
            arrays[part] = params[start : start + size].reshape(shape)
        found.append(TrainedLayer(arrays["weight"], arrays["bias"], node.activation))
    return found


def put_together(layers: list[TrainedLayer], loss: str) -> tuple[Network, np.ndarray]:
    """(network, params) of dense layers one behind the other."""
    dense = [Dense(len(layer.bias), layer.activation) for layer in layers]
    network = sequential((len(layers[0].weights),), dense, loss)
    params = network.init(0, layers[0].weights.dtype.type)
    for own, given in zip(taken_apart(network, params), layers, strict=True):
        own.weights[:], own.bias[:] = given.weights, given.bias
    return network, params
