"""The `products` of a measurement: our matrix product beside cuBLAS's, in turns."""

import numpy as np

from ....kernels.cuda.jit import cuda
from ....kernels.cuda.library import choices, products
from ....kernels.cuda.matmul import IDENTITY
from ....kernels.cuda.record import Recorded
from . import events
from .settings import GpuSettings


def measure(settings: GpuSettings, part) -> list[dict]:
    """Seconds of y = x W + bias of each size, caches as the last left them."""
    libraries = {name: products(name) for name in choices()}
    if "cublas" not in libraries:
        part.leave_out(
            "products: cuBLAS is not installed; PyTorch or nvidia-cublas bring it."
        )
    stream = cuda.stream()
    named = [(f"{m} x {n} x {k}", (m, n, k)) for m, n, k in settings.products]
    for size in part.while_time(named):
        samples = _samples(libraries, size, stream, settings, part)
        part.add(
            {
                "size": list(size),
                "own": samples["own"],
                "cublas": samples.get("cublas"),
            }
        )
    return part.found


def _samples(libraries, size, stream, settings: GpuSettings, part) -> dict:
    m, n, depth = size
    rng = np.random.default_rng(settings.seed)
    x, y = (cuda.device_array(shape, np.float32) for shape in ((m, depth), (m, n)))
    params = cuda.to_device(rng.standard_normal(depth * n + n, dtype=np.float32))
    x.copy_to_device(rng.standard_normal((m, depth), dtype=np.float32))

    def call(library):
        def enqueue(stream):
            library.product("float32", stream, y, x, params, 0, IDENTITY)

        return Recorded(enqueue, stream).replay

    calls = {name: call(library) for name, library in libraries.items()}
    least = settings.sample_seconds
    return events.interleaved(calls, stream, settings.samples, least, part)


def flops_per_s(product: dict, name: str) -> float | None:
    """Operations a second of an entry's own product or cuBLAS's."""
    if not product[name]:
        return None
    m, n, depth = product["size"]
    return 2.0 * m * n * depth / float(np.median(product[name]))
