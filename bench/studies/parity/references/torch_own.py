"""torch.optim where its options are named otherwise, or its averages are compared."""

from ..problems import flat_of
from ..reference import Reference
from ..torch_steps import torch_options, torch_steps

LIBRARIES = ("torch",)
RPROP = {
    "lr": 0.02,
    "etaminus": 0.4,
    "etaplus": 1.3,
    "step_size_min": 1e-3,
    "step_size_max": 0.05,
}
ASGD = {"lr": 0.05, "lambd": 0.01, "alpha": 0.6, "t0": 20.0, "weight_decay": 0.02}


def rprop(torch, tensors, options):
    """torch's Rprop takes its four bounds as two pairs."""
    return torch.optim.Rprop(
        tensors,
        lr=options["lr"],
        etas=(options["etaminus"], options["etaplus"]),
        step_sizes=(options["step_size_min"], options["step_size_max"]),
        maximize=bool(options.get("maximize")),
    )


def asgd(torch, tensors, options):
    return torch.optim.ASGD(tensors, **torch_options(options))


def averages(optimizer, tensors):
    """The mean of the iterates, which ASGD keeps beside them."""
    return flat_of([optimizer.state[tensor]["ax"].numpy() for tensor in tensors])


def row(optimizer, label, source, make, options, shown=None):
    """A `Reference` of `make(torch, tensors, options)`."""
    steps = torch_steps(lambda torch, p: make(torch, p, options), shown)
    return Reference(
        optimizer, label, source, options, steps, averaged=shown is not None
    )


REFERENCES = (
    row("rprop", "bounds", "torch.optim.Rprop", rprop, RPROP),
    row("rprop", "maximize", "torch.optim.Rprop", rprop, {**RPROP, "maximize": 1.0}),
    row("asgd", "averages", "torch.optim.ASGD", asgd, ASGD, averages),
    row("asgd", "averages, late", "torch.optim.ASGD", asgd, {"lr": 0.1}, averages),
)
