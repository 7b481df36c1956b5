"""What a compiled kernel takes of a multiprocessor, as the driver tells it."""

from dataclasses import dataclass

from .gpu import gpu
from .jit import SIMULATED, cuda


@dataclass(frozen=True)
class KernelResources:
    """registers: of a thread; shared: bytes of a block, dynamic ones included; threads:
    of a block; blocks: that fit a multiprocessor at once; occupancy: their share of
    the threads that it can hold.
    """

    registers: int
    shared: int
    threads: int
    blocks: int
    occupancy: float


def resources(kernel, dtype, shared=0):
    """The `KernelResources` of a `Kernel` launched with so many bytes of dynamic shared
    memory; zeros in the simulator, which compiles nothing.

    Source: NVIDIA, CUDA Driver API, cuOccupancyMaxActiveBlocksPerMultiprocessor.
    """
    if SIMULATED:
        return KernelResources(0, shared, kernel.threads, 0, 0.0)
    (compiled,) = kernel.code(dtype).overloads.values()
    function, context = compiled.library.get_cufunc(), cuda.current_context()
    sizes = kernel.threads, shared
    blocks = context.get_active_blocks_per_multiprocessor(function, *sizes)
    total = shared + function.attrs.shared
    share = blocks * kernel.threads / gpu().threads
    return KernelResources(
        function.attrs.regs, total, kernel.threads, int(blocks), float(share)
    )
