"""JAX on the GPU: a whole epoch in one `lax.scan`."""

# torch and jax are an optional extra.
# pyright: reportMissingImports=false

from ..peers import jax_scan
from ..peers.work import Peer

PEER = Peer("JAX scan", "JAX", "jax", "jax", ("step",))


def check_gpu() -> None:
    """Have products in full float32; RuntimeError where JAX sees no GPU."""
    import jax

    if jax.default_backend() != "gpu":
        raise RuntimeError("this JAX sees no GPU")
    jax.config.update("jax_default_matmul_precision", "highest")


def prepare(work):
    """See `peers`."""
    check_gpu()
    return jax_scan.prepare(work)
