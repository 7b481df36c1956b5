"""The size of the weights that leave an input: what is looked at first.

Norm of input j's weights into the first layer, ||w_j||; with `scaled` times the
standard deviation of the input, so that its unit does not count. It says nothing of
what later layers do with the units, and an input that is never used keeps the weights
it started with. Source: Garson (1991), Interpreting neural-network connection weights,
AI Expert 6; Olden & Jackson (2002), Ecological Modelling 154, who compare such sizes.
"""

import numpy as np

from ..explainer import Explainer


def rank(subject, scaled):
    """||w_j||, or ||w_j|| s_j. ValueError where the first layer is not dense."""
    (first, *_) = [n for n in subject.net.nodes if n.plan.rows] or [None]
    if first is None or first.plan.rows != subject.net.inputs:
        raise ValueError(
            "first-layer weights are read where a dense layer comes first; this network"
            " begins otherwise"
        )
    name = f"layer{subject.net.nodes.index(first)}.weight"
    start, shape = next((at, s) for n, at, s in subject.net.layout if n == name)
    weights = subject.params[start : start + shape[0] * shape[1]].reshape(shape)
    size = np.linalg.norm(weights.astype(float), axis=1)
    return size * subject.x.std(axis=0, dtype=float) if scaled else size


EXPLAINER = Explainer(
    label="Size of the first-layer weights",
    source="Garson (1991); Olden & Jackson (2002)",
    rank=rank,
    options=(("scaled", False),),
)
