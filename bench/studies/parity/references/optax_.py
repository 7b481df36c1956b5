"""optax: a second opinion on what torch.optim has as well."""

from ..jax_steps import optax_steps
from ..reference import Reference

LIBRARIES = ("jax", "optax")


def row(optimizer, name, label="defaults", options=None, **theirs):
    """A `Reference`: optax gets `theirs`, in its own names."""
    return Reference(
        optimizer,
        label,
        f"optax.{name}",
        options or {},
        optax_steps(lambda optax: getattr(optax, name)(**theirs)),
    )


REFERENCES = (row("adam", "adam", label="optax", learning_rate=1e-3),)
