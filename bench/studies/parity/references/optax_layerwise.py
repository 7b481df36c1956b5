"""optax: what torch.optim does not have, elementwise and by the tensor.

A tensor is a weight matrix or a bias; optax gets no masks, so that biases are decayed
and scaled as ours are.
"""

from typing import Any

from ..jax_steps import optax_steps
from ..reference import Reference

LIBRARIES = ("jax", "optax")
# Our names where optax has others.
NAMES = {"lr": "learning_rate", "beta1": "b1", "beta2": "b2", "beta3": "b3"}
NAMES |= {"trust": "trust_coefficient"}


def row(optimizer, label="defaults", options=None, **more):
    """A `Reference`: optax gets our options under its names, and `more`."""
    options = options or {}
    theirs: dict[str, Any] = {NAMES.get(str(k), str(k)): v for k, v in options.items()}
    theirs |= more
    if "nesterov" in theirs:
        theirs["nesterov"] = bool(theirs["nesterov"])
    steps = optax_steps(lambda optax: getattr(optax, optimizer)(**theirs))
    return Reference(optimizer, label, f"optax.{optimizer}", options, steps)


def decayed_belief(optax):
    """AdaBelief with decoupled weight decay, put together as optax's AdamW is."""
    return optax.chain(
        optax.scale_by_belief(),
        optax.add_decayed_weights(0.1),
        optax.scale_by_learning_rate(0.02),
    )


# Away from the defaults, and such that each of them shows; with rates at which steps of
# a fixed length do not yet bounce about, for then roundings would grow without bound.
BELIEF = {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "eps_root": 1e-4}
ADAN = {
    "lr": 0.03,
    "beta1": 0.9,
    "beta2": 0.8,
    "beta3": 0.95,
    "eps": 1e-3,
    "eps_root": 1e-4,
    "weight_decay": 0.05,
}
LION = {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "weight_decay": 0.1}
LARS = {"lr": 0.5, "momentum": 0.8, "weight_decay": 0.03, "trust": 0.02, "eps": 1e-3}
LAMB = {
    "lr": 0.005,
    "beta1": 0.8,
    "beta2": 0.95,
    "eps": 1e-3,
    "eps_root": 1e-4,
    "weight_decay": 0.05,
}

REFERENCES = (
    row("adabelief", learning_rate=1e-3),
    row("adabelief", "options", BELIEF),
    row("adabelief", "nesterov", {**BELIEF, "nesterov": 1.0}),
    Reference(
        "adabelief",
        "weight decay",
        "optax.scale_by_belief",
        {"lr": 0.02, "weight_decay": 0.1},
        optax_steps(decayed_belief),
    ),
    row("adan", learning_rate=1e-3),
    row("adan", "options", ADAN),
    row("lion", learning_rate=1e-4),
    row("lion", "options", LION),
    row("lars", learning_rate=1.0),
    row("lars", "options", LARS),
    row("lars", "nesterov", {**LARS, "nesterov": 1.0}),
    row("lamb", learning_rate=1e-3),
    row("lamb", "options", LAMB),
)
