"""Pieces of trained networks, and pictures of numbers as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....kernels.network import Network


def front(net: Network, params: np.ndarray, nodes: int) -> tuple[Network, np.ndarray]:
    """The first nodes of a network as a network, with its parameters.

    Its `predict` gives what the last of them hands on. Not for layers with statistics.
    """
    first = Network(net.nodes[:nodes], "mse", net.shape)
    return first, params[: first.n_params].copy()


def part(net: Network, params: np.ndarray, name: str) -> np.ndarray:
    """The parameters that `net.layout` calls by a name, in their shape."""
    at, shape = next((at, shape) for each, at, shape in net.layout if each == name)
    return params[at : at + int(np.prod(shape))].reshape(shape)


def squares(
    title: str,
    sentence: str,
    panels: Mapping[str, np.ndarray],
    scale: tuple[float, float],
    marks: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """A picture of panels, {label: float[rows, columns]}, the first row on top.

    scale: what is lightest and what is darkest. marks: words at places (x, y), shares
    of a panel's sides from its lower left corner.
    """
    return {
        "kind": "squares",
        "title": title,
        "sentence": sentence,
        "low": float(scale[0]),
        "high": float(scale[1]),
        "panels": [
            {"label": label, "values": np.round(values.astype(float), 3).tolist()}
            for label, values in panels.items()
        ],
        "marks": [dict(mark) for mark in marks],
    }


def lines(
    title: str,
    sentence: str,
    axes: tuple[str, str],
    series: Mapping[str, tuple[Any, Any]],
    **more: Any,
) -> dict[str, Any]:
    """A line plot, {label: (x, y)}, both axes linear unless `x_scale`, `y_scale`.

    axes: their names; verticals: [{label, x}].
    """
    return {
        "kind": "line",
        "title": title,
        "sentence": sentence,
        "x_label": axes[0],
        "y_label": axes[1],
        "x_scale": "linear",
        "y_scale": "linear",
        "series": [
            {"label": label, "x": np.asarray(x).tolist(), "y": np.asarray(y).tolist()}
            for label, (x, y) in series.items()
        ],
    } | more
