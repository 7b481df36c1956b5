"""torch.optim: the first reference, where it has an optimizer."""

from ..reference import PROBLEMS, Reference
from ..torch_steps import torch_options, torch_steps

LIBRARIES = ("torch",)


def row(optimizer, name, label="defaults", options=None, **theirs):
    """A `Reference`: torch gets our options under its names, and `theirs`."""
    options = options or {}

    def make(torch, tensors):
        kind = getattr(torch.optim, name)
        return kind(tensors, **torch_options(options), **theirs)

    return Reference(
        optimizer,
        label,
        f"torch.optim.{name}",
        options,
        torch_steps(make),
        # The sign of a step is the same everywhere: one problem shows it.
        problems=("quadratic",) if "maximize" in options else PROBLEMS,
    )


# Away from the defaults, and such that each of them shows.
BETAS = {"lr": 0.02, "beta1": 0.7, "beta2": 0.95, "eps": 1e-2}
DECAY = {**BETAS, "weight_decay": 0.07}
DECOUPLED = {**DECAY, "decoupled_weight_decay": 1.0}
UP = {"lr": 3e-3, "weight_decay": 0.07, "maximize": 1.0}
HEAVY = {"lr": 0.03, "momentum": 0.8, "weight_decay": 0.02}
RMS = {"lr": 0.02, "alpha": 0.9, "eps": 1e-2, "weight_decay": 0.07}
RMS_HEAVY = {**RMS, "momentum": 0.8}

SGD_ROWS = (
    row("gradient_descent", "SGD", options={"lr": 0.1}),
    row("gradient_descent", "SGD", "long steps", {"lr": 0.5}),
    row("sgd", "SGD", options={"lr": 0.1}),
    row("sgd", "SGD", "weight decay", {"lr": 0.3, "weight_decay": 0.02}),
    row("sgd", "SGD", "maximize", UP),
    row("momentum", "SGD", options={"lr": 0.01}, momentum=0.9),
    row("momentum", "SGD", "weight decay", HEAVY),
    row("momentum", "SGD", "dampening", {**HEAVY, "dampening": 0.3}),
    row("momentum", "SGD", "nesterov", {**HEAVY, "nesterov": 1.0}),
    row("momentum", "SGD", "maximize", UP, momentum=0.9),
    row("nesterov", "SGD", options={"lr": 0.01}, momentum=0.9, nesterov=True),
    row("nesterov", "SGD", "weight decay", HEAVY, nesterov=True),
    row("nesterov", "SGD", "maximize", UP, momentum=0.9, nesterov=True),
)
ASGD = {"lr": 0.05, "lambd": 0.01, "alpha": 0.6, "weight_decay": 0.02}
SIGNS_AND_SUMS = (
    row("asgd", "ASGD"),
    row("asgd", "ASGD", "weight decay", ASGD),
    row("asgd", "ASGD", "maximize", UP),
    row("rprop", "Rprop"),
    row("adagrad", "Adagrad"),
    row(
        "adagrad",
        "Adagrad",
        "weight decay",
        {
            "lr": 0.1,
            "lr_decay": 0.01,
            "weight_decay": 0.07,
            "eps": 1e-2,
            "initial_accumulator_value": 0.2,
        },
    ),
    row("adagrad", "Adagrad", "maximize", UP),
    row("adadelta", "Adadelta"),
    row(
        "adadelta",
        "Adadelta",
        "weight decay",
        {"lr": 0.8, "rho": 0.8, "eps": 1e-3, "weight_decay": 0.07},
    ),
    row("adadelta", "Adadelta", "maximize", {**UP, "lr": 0.5}),
)
RMSPROP_ROWS = (
    row("rmsprop", "RMSprop"),
    row("rmsprop", "RMSprop", "weight decay", RMS),
    row("rmsprop", "RMSprop", "maximize", UP),
    row("rmsprop_momentum", "RMSprop", momentum=0.9),
    row("rmsprop_momentum", "RMSprop", "weight decay", RMS_HEAVY),
    row("rmsprop_momentum", "RMSprop", "maximize", UP, momentum=0.9),
    row("rmsprop_centered", "RMSprop", centered=True),
    row("rmsprop_centered", "RMSprop", "weight decay", RMS, centered=True),
    row("rmsprop_centered", "RMSprop", "maximize", UP, centered=True),
    row("rmsprop_centered_momentum", "RMSprop", momentum=0.9, centered=True),
    row(
        "rmsprop_centered_momentum", "RMSprop", "weight decay", RMS_HEAVY, centered=True
    ),
    row(
        "rmsprop_centered_momentum",
        "RMSprop",
        "maximize",
        UP,
        momentum=0.9,
        centered=True,
    ),
)
ADAM_ROWS = (
    row("adam", "Adam"),
    row("adam", "Adam", "weight decay", DECAY),
    row("adam", "Adam", "decoupled", DECOUPLED),
    row("adam", "Adam", "maximize", UP),
    row("adamw", "AdamW"),
    row("adamw", "AdamW", "weight decay", DECAY),
    row("adamw", "AdamW", "maximize", UP),
    row("amsgrad", "Adam", amsgrad=True),
    row("amsgrad", "Adam", "weight decay", DECAY, amsgrad=True),
    row("amsgrad", "Adam", "decoupled", DECOUPLED, amsgrad=True),
    row("amsgrad", "Adam", "maximize", UP, amsgrad=True),
    row("adamax", "Adamax"),
    row("adamax", "Adamax", "weight decay", DECAY),
    row("adamax", "Adamax", "maximize", UP),
    row("nadam", "NAdam"),
    row("nadam", "NAdam", "weight decay", {**DECAY, "momentum_decay": 0.1}),
    row("nadam", "NAdam", "decoupled", DECOUPLED),
    row("nadam", "NAdam", "maximize", UP),
    row("radam", "RAdam"),
    row("radam", "RAdam", "weight decay", DECAY),
    row("radam", "RAdam", "decoupled", DECOUPLED),
    row("radam", "RAdam", "maximize", UP),
)
REFERENCES = SGD_ROWS + SIGNS_AND_SUMS + RMSPROP_ROWS + ADAM_ROWS
