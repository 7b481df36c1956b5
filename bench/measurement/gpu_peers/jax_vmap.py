"""JAX on the GPU: the scanned epochs of all networks at once, by `vmap`."""

from ..peers import jax_vmap
from ..peers.work import Peer
from .jax_scan import check_gpu

PEER = Peer("JAX vmap", "JAX", "jax", "jax", ("population",))


def prepare(work):
    """See `peers`."""
    check_gpu()
    return jax_vmap.prepare(work)
