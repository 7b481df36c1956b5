"""JAX: the scanned epochs of all networks at once, by `vmap`."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

import numpy as np

from .jax_scan import epoch_of, start_layers, start_of
from .work import Peer

KINDS = ("population",)
PEER = Peer("JAX, vmap over networks", "JAX", "jax", "jax", KINDS, layered=True)


def prepare(work):
    """See `peers`."""
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(work.x), jnp.asarray(work.y)
    starts = [start_of(start_layers(work, k)) for k in range(work.networks)]
    carry = jax.tree.map(lambda *parts: jnp.stack(parts), *starts)
    orders = jnp.asarray(work.orders)
    epoch = jax.jit(
        jax.vmap(epoch_of(work), in_axes=(0, None, None, 0)), donate_argnums=0
    )

    def run(epochs):
        nonlocal carry
        losses = []
        for k in range(epochs):
            carry, loss = epoch(carry, x, y, orders[:, k % orders.shape[1]])
            losses.append(loss.mean())
        return np.asarray(jax.block_until_ready(jnp.stack(losses)))

    return run
