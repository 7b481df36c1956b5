"""torch.optim: the first reference, where it has an optimizer."""

from ..reference import Reference
from ..torch_steps import torch_options, torch_steps

LIBRARIES = ("torch",)
# Away from the defaults, and such that each of them shows.
STRANGE = {"lr": 0.02, "beta1": 0.7, "beta2": 0.95, "eps": 1e-2, "weight_decay": 0.07}


def row(optimizer, name, label="defaults", options=None, **theirs):
    """A `Reference`: torch gets our options under its names, and `theirs`."""
    options = options or {}

    def make(torch, tensors):
        kind = getattr(torch.optim, name)
        return kind(tensors, **torch_options(options), **theirs)

    return Reference(
        optimizer, label, f"torch.optim.{name}", options, torch_steps(make)
    )


REFERENCES = (
    row("gradient_descent", "SGD", options={"lr": 0.1}),
    row("gradient_descent", "SGD", "long steps", {"lr": 0.5}),
    row("sgd", "SGD", options={"lr": 0.1}),
    row("sgd", "SGD", "weight decay", {"lr": 0.3, "weight_decay": 0.02}),
    row("momentum", "SGD", options={"lr": 0.01}, momentum=0.9),
    row("momentum", "SGD", "weight decay",
        {"lr": 0.03, "momentum": 0.8, "weight_decay": 0.02}),
    row("nesterov", "SGD", options={"lr": 0.01}, momentum=0.9, nesterov=True),
    row("nesterov", "SGD", "weight decay",
        {"lr": 0.03, "momentum": 0.8, "weight_decay": 0.02}, nesterov=True),
    row("adam", "Adam"),
    row("adam", "Adam", "weight decay", STRANGE),
    row("adamw", "AdamW"),
    row("adamw", "AdamW", "weight decay", STRANGE),
)  # fmt: skip
