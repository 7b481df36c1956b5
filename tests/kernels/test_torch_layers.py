"""Layers beside torch.nn's, with its weights: outputs and gradients in float64."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradclinic.kernels import layers, sequential
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.layers.attention import PARTS
from gradclinic.kernels.table import EVALUATE

REFERENCES = Path(__file__).with_name("references")
CASES = [
    case
    for name in ("attention", "convolution")
    for case in json.loads((REFERENCES / f"{name}.json").read_text())["cases"]
]
TRAINING = 3  # any step but that of evaluation
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def named(case):
    return "-".join(map(str, (case["layer"], *case["options"].values())))


def passed(net, params, x, dy, tail, step):
    """(y, dx, dw) of the one layer of a network, by its compiled functions."""
    (node,), row = net.nodes, net.table[0]
    draw = np.array([0, 0, step, 0, 0], dtype=np.uint32)
    kept = np.full((len(x), node.plan.kept), np.nan)
    y, dx, dw = np.full_like(dy, np.nan), np.full_like(x, np.nan), np.empty(node.size)
    rest, block = (row, node.layer.setting, draw), (0, int(node.plan.columns))
    call = {
        role: compiled(getattr(node.kind, role), role, "float64")
        for role in ("forward", "backward", "gradient")
    }
    call["forward"](y, kept, x, params, tail, *rest, *block)
    call["backward"](dx, dy, kept, x, y, params, *rest, 0, int(node.plan.rows))
    call["gradient"](dw, dy, kept, x, y, row, 0, False)
    return y, dx, dw


def ours(name, arrays):
    """A layer's parameters, or their gradients, in our order from torch's names."""
    if name.startswith("Conv"):
        # torch has the outputs first and the channels of the input second.
        weight = np.moveaxis(np.array(arrays["weight"]), (0, 1), (-1, -2))
        return np.concatenate([weight.ravel(), arrays["bias"]])
    if name != "Attention":
        return np.concatenate([np.ravel(a) for a in arrays.values()] or [np.empty(0)])
    arrays = {key: np.array(value) for key, value in arrays.items()}
    # torch computes x W^T + b, its W and b of query, key and value stacked.
    matrices = [*np.split(arrays["in_proj_weight"], 3), arrays["out_proj.weight"]]
    biases = [arrays["in_proj_bias"], arrays["out_proj.bias"]]
    return np.concatenate([*(m.T.ravel() for m in matrices), *biases])


@pytest.mark.parametrize("case", CASES, ids=named)
def test_outputs_and_gradients_are_those_of_torch(case):
    x, wanted = np.array(case["input"], dtype=float), np.array(case["output"])
    given = {
        k: tuple(v) if isinstance(v, list) else v for k, v in case["options"].items()
    }
    layer = getattr(layers, case["layer"])(**given)
    net = sequential(x.shape[1:], [layer], "mse")
    params = ours(case["layer"], case["weights"])
    assert params.size == net.n_params
    flat, dy = x.reshape(len(x), -1), np.array(case["slopes"]).reshape(len(x), -1)
    tail = np.ravel(case.get("statistics", [])).astype(float)
    training = case.get("training", False)
    y, dx, dw = passed(net, params, flat, dy, tail, TRAINING if training else EVALUATE)
    np.testing.assert_allclose(y, wanted.reshape(y.shape), **CLOSE)
    if not (training and tail.size):
        whole = np.concatenate([params, tail])
        np.testing.assert_allclose(net.predict(whole, x), y, **CLOSE)
    np.testing.assert_allclose(dw, ours(case["layer"], case["gradients"]), **CLOSE)
    if case["input_gradient"] is None:
        assert not dx.any()
    else:
        slopes = np.array(case["input_gradient"]).reshape(dx.shape)
        np.testing.assert_allclose(dx, slopes, **CLOSE)


def test_parts_of_attention_are_named():
    net = sequential((5, 4), [layers.Attention(2)], "mse")
    names = [name for name, _, _ in net.layout]
    weights = [f"layer0.{part}" for part in PARTS]
    assert names == weights + [f"{name}_bias" for name in weights]
