"""Layers and steps that bridge many steps of a sequence.

Hochreiter & Schmidhuber (1997), Cho et al. (2014), Vaswani et al. (2017).
"""

from dataclasses import replace
from functools import partial

from ..scenario import Fix
from ..trial import layer

_ATTENTION = (
    layer("Dense", outputs=8),
    layer("Positions"),
    layer("Residual", layer("Attention", heads=2)),
    layer("Dense", outputs=8, activation="relu"),
    layer("GlobalAvgPool"),
)


def _fix(name, family, label, claim, strength, **changes):
    apply = partial(replace, **changes)
    return Fix(name, family, apply, label, claim, ("long_memory",), strength)


FIXES = (
    _fix(
        "lstm",
        "architecture",
        "LSTM",
        "A cell keeps its value until a gate lets it go.",
        "LSTM of 12 units",
        layers=(layer("LSTM", units=12),),
    ),
    _fix(
        "gru",
        "architecture",
        "GRU",
        "A gate decides how much of the old state is kept.",
        "GRU of 12 units",
        layers=(layer("GRU", units=12),),
    ),
    _fix(
        "attention",
        "architecture",
        "Attention with 2 heads",
        "Every step sees all others at once: nothing has to be kept.",
        "attention with 2 heads",
        layers=_ATTENTION,
    ),
    _fix(
        "clipping",
        "numerics",
        "Gradient norm clipped at 0.1",
        "A gradient that grew on its way back through the steps does no harm.",
        "norm 0.1",
        clip_norm=0.1,
    ),
    _fix(
        "orthogonal_start",
        "initialisation",
        "Orthogonal start",
        "An orthogonal matrix keeps the length of what it is applied to.",
        "orthogonal",
        initialiser="orthogonal",
    ),
)
