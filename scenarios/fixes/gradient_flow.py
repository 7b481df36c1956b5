"""Ways for a gradient to reach the first layers of a deep network.

He et al. (2015, 2016), Ioffe & Szegedy (2015), Ba, Kiros & Hinton (2016).
"""

from dataclasses import replace
from functools import partial

from ..scenario import Fix
from ..trial import layer


def _layered(trial, block):
    """Every hidden layer as `block(width, activation)` gives it."""
    layers = [part for w in trial.widths for part in block(w, trial.activation)]
    return replace(trial, hidden=(), layers=tuple(layers))


def _normed(norm, width, activation):
    return (
        layer("Dense", outputs=width),
        layer(norm),
        layer("Activation", activation=activation),
    )


def _skips(trial):
    first, *others = trial.widths
    dense = partial(layer, "Dense", activation=trial.activation)
    layers = (
        dense(outputs=first),
        *(layer("Residual", dense(outputs=width)) for width in others),
    )
    return replace(trial, hidden=(), layers=layers)


def _normed_skips(trial):
    first, *others = trial.widths
    layers = (
        *_normed("LayerNorm", first, trial.activation),
        *(
            layer("Residual", *_normed("LayerNorm", w, trial.activation))
            for w in others
        ),
    )
    return replace(trial, hidden=(), layers=layers)


def _fewer(trial):
    return replace(trial, hidden=trial.widths[:2])


_VANISHING, _EXPLODING = ("vanishing_gradient",), ("exploding_gradient",)
_START = ("bad_initialisation", "bad_initialisation.zeros")
_NORMED = (*_VANISHING, *_EXPLODING, "dead_relu", *_START)

FIXES = (
    Fix(
        name="relu",
        family="architecture",
        apply=partial(replace, activation="relu"),
        label="ReLU instead of sigmoid",
        claim="An active ReLU passes the gradient on as it is.",
        strength="activation ReLU",
        treats=_VANISHING,
    ),
    Fix(
        name="residual",
        family="architecture",
        apply=_skips,
        label="Residual connections",
        claim="The gradient passes each layer on a way of its own.",
        strength="residual connections",
        treats=_VANISHING,
    ),
    Fix(
        name="batch_norm",
        family="architecture",
        apply=partial(_layered, block=partial(_normed, "BatchNorm")),
        label="Batch normalisation before each activation",
        claim="Inputs around 0 keep a unit where its slope is largest.",
        strength="batch normalisation",
        treats=_NORMED,
    ),
    Fix(
        name="layer_norm",
        family="architecture",
        apply=partial(_layered, block=partial(_normed, "LayerNorm")),
        label="Layer normalisation before each activation",
        claim="Inputs around 0 keep a unit where its slope is largest.",
        strength="layer normalisation",
        treats=_NORMED[:-1],
    ),
    Fix(
        name="he_start",
        family="initialisation",
        apply=partial(replace, initialiser="he_normal"),
        label="He's start instead of Glorot's",
        claim="Larger weights at the start pass on more of the gradient.",
        strength="He normal",
        treats=_VANISHING,
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.003, hyper=()),
        label="Adam, learning rate 0.003",
        claim="Every weight gets a step of its own size, however small its gradient.",
        strength="Adam, learning rate 0.003, without momentum",
        treats=_VANISHING,
    ),
    Fix(
        name="fewer_layers",
        family="capacity",
        apply=_fewer,
        label="2 hidden layers instead of 8",
        claim="Each layer multiplies the gradient that passes through it.",
        strength="2 layers",
        treats=_VANISHING,
    ),
    Fix(
        name="glorot_start",
        family="initialisation",
        apply=partial(replace, initialiser="glorot_uniform"),
        label="Glorot's start instead of unit variance",
        claim="Weights scaled by the layer's size keep the size of what passes.",
        strength="Glorot uniform",
        treats=_EXPLODING,
    ),
    Fix(
        name="clipping",
        family="numerics",
        apply=partial(replace, clip_norm=1.0),
        label="Gradient norm clipped at 1",
        claim="No step is longer than the limit, however steep the loss.",
        strength="norm 1",
        treats=_EXPLODING,
    ),
    Fix(
        name="smaller_learning_rate",
        family="optimization",
        apply=partial(replace, lr=0.0003),
        label="Learning rate 0.0003, a tenth",
        claim="Short steps do not overshoot, however large the gradient.",
        strength="learning rate 0.0003",
        treats=_EXPLODING,
    ),
    Fix(
        name="residual_norm",
        family="architecture",
        apply=_normed_skips,
        label="Residual connections with layer normalisation",
        claim="The gradient passes each layer on a way of its own, and inside each its"
        " size is held.",
        strength="residual, layer normalisation",
        treats=_EXPLODING,
    ),
)
