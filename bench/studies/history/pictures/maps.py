"""Where attention looks: from a question to the place that it asks for."""

from dataclasses import replace

import numpy as np

from .....scenarios.trial import Dataset
from ..parts import front, part, squares
from ..systems import SYSTEMS
from ..training import Trained, trained

COUNT, DELAY, SYMBOLS = 5, 6, 8
STEPS = COUNT + DELAY + 1
_OPTIONS = (
    ("count", COUNT),
    ("delay", DELAY),
    ("n_samples", 5000),
    ("symbols", SYMBOLS),
)
_TASK = "copying_5"


def looked_at(after: Trained, node: int, x: np.ndarray) -> np.ndarray:
    """float[heads, b, t, t]: what each token of rows x takes from each other.

    softmax(Q K^T / sqrt(d / heads)) of an attention, the node of a network. Source:
    see `kernels.layers.attention`.
    """
    net, params = after.net, after.params
    before, beginning = front(net, params, node)
    tokens = before.predict(beginning, x).reshape(
        len(x), -1, net.nodes[node].plan.rows // 4
    )
    heads = net.nodes[node].layer.heads
    q, k = (
        tokens @ part(net, params, f"layer{node}.{name}")
        + part(net, params, f"layer{node}.{name}_bias")
        for name in ("query", "key")
    )
    size = tokens.shape[2] // heads
    q, k = (each.reshape(*each.shape[:2], heads, size) for each in (q, k))
    scores = np.einsum("bihs,bjhs->hbij", q, k) / np.sqrt(size)
    share = np.exp(scores - scores.max(axis=3, keepdims=True))
    return share / share.sum(axis=3, keepdims=True)


def attention(seed: int):
    """Of each place that is asked for: where the question looks, by head."""
    trial = SYSTEMS["attention"].trials[_TASK]
    data = Dataset("copying", 4000, 500, 500, options=_OPTIONS)
    after = trained(replace(trial, data=data, shape=(STEPS,)), seed)
    x, asked = after.rows.x_test, after.rows.x_test[:, -1].astype(int) - SYMBOLS - 1
    _, right = after.net.evaluate(after.params, x, after.rows.y_test)
    nodes = [k for k, n in enumerate(after.net.nodes) if n.kind.name == "attention"]
    found = np.concatenate([looked_at(after, node, x)[:, :, -1] for node in nodes])
    by_place = np.stack(
        [
            [head[asked == place].mean(axis=0) for place in range(COUNT)]
            for head in found
        ]
    )
    hits = by_place[:, range(COUNT), range(COUNT)].mean(axis=1)
    chosen = np.argsort(-hits, kind="stable")[:2]
    return squares(
        "A question looks at the place it asks for",
        f"Copy task with {COUNT} symbols and {DELAY} blanks, {100 * right:.1f} % of"
        " test rows right: of the question, the last step, how much it takes from each"
        f" step (across, 1 to {STEPS}) where it asks for place 1 to {COUNT} (down),"
        f" means over test rows: the most that any of {len(found)} heads takes, and the"
        " two heads that look there most. White is nothing, dark is all.",
        {"any head": by_place.max(axis=0)}
        | {f"head {k + 1}": by_place[k] for k in chosen},
        (0.0, 1.0),
    )


PICTURES = {"attention": attention}
