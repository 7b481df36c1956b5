"""A trained network in one file, as small as what it holds allows.

Weights are stored as they are, in 16 bits, or in int8 with their scales; a sparse
matrix as its rows' starts, the columns and the values of what is not zero (compressed
sparse rows: Saad 2003, Iterative methods for sparse linear systems, section 3.4).
"""

from dataclasses import dataclass
from itertools import pairwise
from os import PathLike
from typing import Any

import numpy as np

from ..activations import ACTIVATIONS
from ..losses import LOSSES
from ..network import Network
from ..quantised import QuantisedLayer, QuantisedNetwork, quantise
from ..validation import check_choice, check_switch
from ..weighted import PREFIX
from .parts import TrainedLayer, put_together, taken_apart
from .tensor_file import read_tensors, write_tensors

NUMBERS = ("native", "float16", "int8", "int8_tensor")
_KIND = "gradclinic network"


@dataclass(frozen=True)
class LoadedNetwork:
    """A network of dense layers and its parameters, float[n_values], from a file."""

    network: Network
    params: np.ndarray

    def predict(self, x, threads=None):
        """x float[b, i] -> float[b, o], as `Network.predict`."""
        return self.network.predict(self.params, x, threads)


def save_network(
    path: str | PathLike,
    network: Network,
    params: np.ndarray,
    numbers: str = "native",
    sparse: bool = False,
) -> int:
    """Write a trained network of dense layers; returns the bytes of the file.

    params: float[n_values]. numbers: `native`, the dtype of params; `float16`; `int8`
    with a scale for each unit, or `int8_tensor` with one for each weight matrix, biases
    then in float32. sparse: weights that are zero are left out, and the places of the
    others stored in their stead: smaller from about a fifth of zeros on. The format is
    safetensors. ValueError or TypeError in one sentence on other layers or arguments;
    OSError where the file cannot be written.
    """
    check_choice("numbers", numbers, NUMBERS)
    check_switch("sparse", sparse)
    layers = taken_apart(network, params, "written to a file")
    tensors: dict[str, np.ndarray] = {}
    for number, parts in enumerate(_stored(network, params, layers, numbers)):
        if sparse:
            parts = _sparse(parts.pop("weight")) | parts
        tensors |= {f"layer{number}.{name}": part for name, part in parts.items()}
    about = {
        "kind": _KIND,
        "loss": network.loss.removeprefix(PREFIX),
        "activations": " ".join(layer.activation for layer in layers),
    }
    return write_tensors(path, tensors, about)


def _stored(network, params, layers, numbers):
    """The arrays of each layer, by name."""
    if not numbers.startswith("int8"):
        kind = np.float16 if numbers == "float16" else params.dtype
        with np.errstate(over="ignore"):
            found = [
                {"weight": layer.weights.astype(kind), "bias": layer.bias.astype(kind)}
                for layer in layers
            ]
        if not all(np.isfinite(a).all() for parts in found for a in parts.values()):
            raise ValueError("weights above 65504 do not fit float16; use 'native'")
        return found
    per_tensor = numbers == "int8_tensor"
    whole = quantise(network, params, "tensor" if per_tensor else "channel")
    return [
        {
            "weight": layer.weights,
            "scale": layer.scales[:1] if per_tensor else layer.scales,
            "bias": layer.bias,
        }
        for layer in whole.layers
    ]


def _sparse(weights):
    """`starts` of the rows, and `columns` and `values` of what is not zero."""
    rows, columns = np.nonzero(weights)
    starts = np.searchsorted(rows, np.arange(len(weights) + 1))
    return {
        "starts": starts.astype(_holding(len(rows))),
        "columns": columns.astype(_holding(weights.shape[1] - 1)),
        "values": weights[rows, columns],
    }


def _holding(largest):
    """The smallest dtype of whole numbers that holds this one."""
    kinds = (np.uint8, np.uint16, np.uint32)
    return next(kind for kind in kinds if largest <= np.iinfo(kind).max)


def load_network(path: str | PathLike) -> "LoadedNetwork | QuantisedNetwork":
    """What `save_network` wrote, ready for `predict(x)`.

    Weights in 16 bits are widened to float32, and sparse ones filled up with zeros: it
    computes with dense matrices. int8 stays so, as of `quantise`. ValueError in one
    sentence where it is another file; OSError where it cannot be read.
    """
    tensors, about = read_tensors(path)
    activations = str(about.get("activations", "")).split()
    known = about.get("kind") == _KIND and about.get("loss") in LOSSES
    if not (known and activations and {*activations} <= {*ACTIVATIONS}):
        raise ValueError(f"{path} holds no network that save_network wrote")
    try:
        parts = [_layer(tensors, number) for number in range(len(activations))]
        layers: list[Any] = [
            _made(p, name) for p, name in zip(parts, activations, strict=True)
        ]
        shapes = [layer.weights.shape for layer in layers]
        if any(a[1] != b[0] for a, b in pairwise(shapes)):
            raise ValueError("matrices that do not follow each other")
    except (KeyError, ValueError, IndexError):
        raise ValueError(f"{path} holds a network whose layers do not fit") from None
    if all(isinstance(layer, QuantisedLayer) for layer in layers):
        return QuantisedNetwork(tuple(layers))
    return LoadedNetwork(*put_together(layers, about["loss"]))


def _layer(tensors, number):
    """The arrays of a layer, its weights dense."""
    start = f"layer{number}."
    parts = {k[len(start) :]: v for k, v in tensors.items() if k.startswith(start)}
    if "weight" not in parts:
        parts["weight"] = _dense(parts, len(parts["bias"]))
    if parts["weight"].shape[1:] != parts["bias"].shape:
        raise ValueError("a bias of another length")
    return parts


def _dense(parts, outputs):
    counts = np.diff(parts["starts"].astype(np.int64))
    weights = np.zeros((len(counts), outputs), parts["values"].dtype)
    weights[np.repeat(np.arange(len(counts)), counts), parts["columns"]] = parts[
        "values"
    ]
    return weights


def _made(parts, activation):
    weights, bias = parts["weight"], parts["bias"]
    if weights.dtype == np.int8:
        scales = np.broadcast_to(parts["scale"], bias.shape)
        number = ACTIVATIONS[activation].number
        return QuantisedLayer(weights, np.ascontiguousarray(scales), bias, number)
    kind = np.float32 if weights.dtype == np.float16 else weights.dtype
    return TrainedLayer(weights.astype(kind, copy=False), bias.astype(kind), activation)
