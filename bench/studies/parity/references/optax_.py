"""optax: a second opinion, in code of its own, on what torch.optim has as well.

Left out is what optax means otherwise: its AMSGrad takes the largest of the corrected
means, its NAdam has no schedule of the momentum, its Adagrad has eps inside the root,
its Rprop steps one gradient late. Its RAdam adds eps elsewhere, so here eps is 0.
"""

from ..jax_steps import optax_steps
from ..reference import Reference

LIBRARIES = ("jax", "optax")


def row(optimizer, name, options=None, **theirs):
    """A `Reference`: optax gets `theirs`, in its own names."""
    return Reference(
        optimizer,
        "second opinion",
        f"optax.{name}",
        options or {},
        optax_steps(lambda optax: getattr(optax, name)(**theirs)),
        problems=("quadratic",),
    )


RMS = {"decay": 0.99, "eps_in_sqrt": False}
REFERENCES = (
    row("gradient_descent", "sgd", {"lr": 0.1}, learning_rate=0.1),
    row("sgd", "sgd", {"lr": 0.1}, learning_rate=0.1),
    row("momentum", "sgd", {"lr": 0.01}, learning_rate=0.01, momentum=0.9),
    row(
        "nesterov", "sgd", {"lr": 0.01}, learning_rate=0.01, momentum=0.9, nesterov=True
    ),
    row("adadelta", "adadelta", learning_rate=1.0),
    row("rmsprop", "rmsprop", learning_rate=0.01, **RMS),
    row("rmsprop_momentum", "rmsprop", learning_rate=0.01, momentum=0.9, **RMS),
    row("rmsprop_centered", "rmsprop", learning_rate=0.01, centered=True, **RMS),
    row(
        "rmsprop_centered_momentum",
        "rmsprop",
        learning_rate=0.01,
        momentum=0.9,
        centered=True,
        **RMS,
    ),
    row("adam", "adam", learning_rate=1e-3),
    row(
        "adamw", "adamw", {"weight_decay": 0.01}, learning_rate=1e-3, weight_decay=0.01
    ),
    row("adamax", "adamax", learning_rate=2e-3),
    row("radam", "radam", {"eps": 0.0}, learning_rate=1e-3, eps=0.0),
)
