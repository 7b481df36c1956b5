"""Trained networks in int8: a quarter of the bytes, and products of integers.

A weight is scale times q, q a whole number from -127 to 127, and scale the largest size
of its weights / 127; a row of inputs is treated likewise when it arrives. So z =
s_x s_w sum_i q_x q_w + b, the sum in int32; biases stay as they are. Source: Jacob et
al. (2018), section 2, without zero points; Krishnamoorthi (2018) for a scale of each
channel.
"""

from dataclasses import dataclass

import numpy as np

from . import table
from .activations import activate
from .jit import jit
from .validation import as_floats, check_choice, check_floats

LARGEST = 127
# What leaves its input as it is when a trained network predicts.
IDLE = ("dropout", "noise", "flatten", "reshape")


@jit
def quantised_dense(y, x, weights, scales, bias, number, whole, sums):
    """y = f(s_x s_w sum_i q_x q_w + b), a row after the other.

    y: float32[b, o]; x: float32[b, i]; weights: int8[i, o]; scales, bias: float32[o];
    number: of the activation; whole: int8[i] and sums: int32[o], overwritten.
    Source: Jacob et al. (2018), section 2.2.
    """
    for r in range(x.shape[0]):
        largest = np.float32(0)
        for i in range(x.shape[1]):
            largest = max(largest, abs(x[r, i]))
        step = largest / np.float32(LARGEST) if largest > 0 else np.float32(1)
        for i in range(x.shape[1]):
            whole[i] = np.int8(round(x[r, i] / step))
        sums[:] = 0
        for i in range(x.shape[1]):
            factor = np.int32(whole[i])
            for o in range(sums.size):
                sums[o] += factor * np.int32(weights[i, o])
        for o in range(sums.size):
            y[r, o] = step * scales[o] * np.float32(sums[o])
    activate(y, bias, number)


@dataclass(frozen=True)
class QuantisedLayer:
    """weights: int8[i, o]; scales, bias: float32[o]; activation: its number."""

    weights: np.ndarray
    scales: np.ndarray
    bias: np.ndarray
    activation: int


@dataclass(frozen=True)
class QuantisedNetwork:
    """A network of dense layers whose weights are int8; made by `quantise`."""

    layers: tuple[QuantisedLayer, ...]

    @property
    def nbytes(self):
        """Bytes of weights, scales and biases: what a file of it holds."""
        return sum(
            part.nbytes
            for layer in self.layers
            for part in (layer.weights, layer.scales, layer.bias)
        )

    def predict(self, x):
        """x float[b, i] -> float32[b, o], as `Network.predict` gives them.

        ValueError in one sentence on another shape.
        """
        x = np.ascontiguousarray(as_floats(np.asarray(x), np.float32))
        check_floats("x", x, (None, len(self.layers[0].weights)))
        for layer in self.layers:
            i, o = layer.weights.shape
            y = np.empty((len(x), o), dtype=np.float32)
            spare = np.empty(i, np.int8), np.empty(o, np.int32)
            quantised_dense(
                y,
                x,
                layer.weights,
                layer.scales,
                layer.bias,
                layer.activation,
                *spare,
            )
            x = y
        return x


def quantise(network, params, scales="channel"):
    """`QuantisedNetwork` of a trained network of dense layers.

    params: float[n_values]. scales: `channel`, one for each unit, or `tensor`, one for
    each weight matrix. ValueError in one sentence on another choice, on parameters that
    are not finite, and on a network with other layers than dense ones.
    """
    check_choice("scales", scales, ("channel", "tensor"))
    check_floats("params", params, (network.n_values,))
    if not np.isfinite(params).all():
        raise ValueError("params holds numbers that are not finite; train again")
    layers = []
    for node, row in zip(network.nodes, network.table, strict=True):
        if node.kind.name in IDLE:
            continue
        if node.kind.name != "dense":
            raise ValueError(
                f"only dense layers can be quantised, and this network has a"
                f" {node.kind.name} layer"
            )
        layers.append(_quantised(params, row, scales))
    return QuantisedNetwork(tuple(layers))


def _quantised(params, row, scales):
    start, i, o = (row[k] for k in (table.START, table.ROWS, table.COLUMNS))
    weights = params[start : start + i * o].reshape(i, o)
    sizes = np.abs(weights).max(axis=0 if scales == "channel" else None)
    steps = np.broadcast_to(np.where(sizes > 0, sizes, LARGEST) / LARGEST, (o,))
    return QuantisedLayer(
        np.rint(weights / steps).astype(np.int8),
        np.ascontiguousarray(steps, dtype=np.float32),
        params[start + i * o : start + i * o + o].astype(np.float32),
        int(row[table.ACTIVATION]),
    )
