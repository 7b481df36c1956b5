"""torch.optim.Adafactor, by the tensor; it takes its two epsilons as a pair."""

from ..reference import Reference
from ..torch_steps import torch_steps

LIBRARIES = ("torch",)


def row(label="defaults", options=None, problems=("quadratic", "network")):
    """A `Reference`: torch gets our options under its names."""
    options = options or {}
    theirs = {k: v for k, v in options.items() if k not in ("eps1", "eps2", "maximize")}
    theirs["eps"] = options.get("eps1"), options.get("eps2", 1e-3)
    theirs["maximize"] = bool(options.get("maximize", 0))
    steps = torch_steps(lambda torch, p: torch.optim.Adafactor(p, **theirs))
    source = "torch.optim.Adafactor"
    return Reference("adafactor", label, source, options, steps, problems=problems)


# Away from the defaults, and such that each of them shows; with rates at which steps of
# a fixed length do not yet bounce about, for then roundings would grow without bound.
REFERENCES = (
    row(),
    row("weight decay", {"lr": 5e-3, "beta2_decay": -0.6, "weight_decay": 0.05}),
    row("epsilons", {"lr": 0.03, "eps1": 0.05, "eps2": 0.9}),
    row("clipped", {"lr": 0.01, "beta2_decay": -0.9, "d": 1.05}),
    row("maximize", {"lr": 0.01, "maximize": 1.0}, ("quadratic",)),
)
