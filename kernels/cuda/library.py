"""The matrix products of a dense layer by cuBLAS, where it is installed.

The library itself is called, without CuPy or PyTorch around it, though either brings
it: CuPy refuses to have its calls recorded in a CUDA graph. Bias, activation and slope
are a kernel after the product.
Source: NVIDIA, cuBLAS Library, sections cublas<t>gemm(), cublasSetWorkspace().
"""

import ctypes
from functools import cache
from importlib import import_module
from types import SimpleNamespace

import numpy as np

from . import matmul
from .formulas import activation
from .gpu import gpu
from .jit import COMPILE, SIMULATED, cuda, kernel
from .matmul import IDENTITY
from .rows import chain
from .tile import GRID_LIMIT
from .views import flat

# Of the library's header: a matrix as it is, and transposed; float32 as float32.
_AS_IS, _TRANSPOSED, _DEFAULT_MATH = 0, 1, 0
_GEMM = {
    "float32": ("cublasSgemm_v2", ctypes.c_float),
    "float64": ("cublasDgemm_v2", ctypes.c_double),
}
# cublasStatus_t, for `errors`.
_STATUS = {
    1: "CUBLAS_STATUS_NOT_INITIALIZED",
    3: "CUBLAS_STATUS_ALLOC_FAILED",
    7: "CUBLAS_STATUS_INVALID_VALUE",
    8: "CUBLAS_STATUS_ARCH_MISMATCH",
    11: "CUBLAS_STATUS_MAPPING_ERROR",
    13: "CUBLAS_STATUS_EXECUTION_FAILED",
    14: "CUBLAS_STATUS_INTERNAL_ERROR",
    15: "CUBLAS_STATUS_NOT_SUPPORTED",
}
# Bytes that cuBLAS may use: what it takes by itself on Hopper.
WORKSPACE = 32 * 1024 * 1024
OWN = SimpleNamespace(
    name="own",
    product=matmul.product,
    product_transposed=matmul.product_transposed,
    outer_sum=matmul.outer_sum,
)


@kernel("mvnn")
def bias_activation(y, params, start, number):
    """y = f(y + bias), in place. y: real[b, o].

    params: real[n] with bias[o] from `start` on; number: of f. Blocks are (columns,
    rows).
    """
    for r in range(cuda.blockIdx.y, y.shape[0], cuda.gridDim.y):
        for c in range(cuda.grid(1), y.shape[1], cuda.gridsize(1)):
            y[r, c] = activation(number, y[r, c] + params[start + c])


class CuBlas:
    """The host functions of `matmul` by cuBLAS, with a workspace of its own.

    For one stream at a time; the handle is the device's, which is never given back:
    cuBLAS waits for the whole device then. On the stream `COMPILE` it multiplies once
    all the same, beside all streams: what cuBLAS loads at a shape's first product is
    there when calls are recorded in a graph.
    """

    name = "cublas"

    def __init__(self, library):
        self._library, self._gpu = library, gpu()
        self._workspace = cuda.device_array(WORKSPACE, np.uint8)
        self._handle = self._gpu.kept(self.name, self._started)

    def _started(self):
        """A handle of the library, in the context that is current."""
        handle = ctypes.c_void_p()
        self._call("cublasCreate_v2", ctypes.byref(handle))
        self._call("cublasSetMathMode", handle, _DEFAULT_MATH)
        return handle

    def product(self, dtype, stream, y, x, params, start, number):
        """y = f(x W + bias) on a stream, as `matmul.product`."""
        (b, o), i = y.shape, x.shape[1]
        w, sizes = _address(params, start), (o, b, i)
        left, right = (_AS_IS, w, o), (_AS_IS, _address(x), i)
        self._gemm(dtype, stream, sizes, left, right, _address(y))
        blocks = (bias_activation.blocks(o), min(b, GRID_LIMIT))
        bias_activation.launch(dtype, blocks, stream, y, params, start + i * o, number)

    def product_transposed(self, dtype, stream, dx, dz, params, start, values, number):
        """dx = dz W^T f'(v) on a stream, as `matmul.product_transposed`."""
        (b, i), o = dx.shape, dz.shape[1]
        w, sizes = _address(params, start), (i, b, o)
        left, right = (_TRANSPOSED, w, o), (_AS_IS, _address(dz), o)
        self._gemm(dtype, stream, sizes, left, right, _address(dx))
        if number != IDENTITY:
            dx, values = flat(dx), flat(values)
            chain.launch(dtype, chain.blocks(dx.size), stream, dx, dx, values, number)

    def outer_sum(self, dtype, stream, grad, start, x, dz):
        """dW = x^T dz on a stream, as `matmul.outer_sum`."""
        (b, i), o = x.shape, dz.shape[1]
        left, right = (_AS_IS, _address(dz), o), (_TRANSPOSED, _address(x), i)
        self._gemm(dtype, stream, (o, i, b), left, right, _address(grad, start))

    def _gemm(self, dtype, stream, sizes, left, right, out):
        """out[n, m] = right[n, k] left[k, m], all row-major, which cuBLAS takes for the
        transposed and column-major. sizes: (m, n, k).

        left, right: (operation, address, entries of a row); out: an address.
        """
        m, n, k = sizes
        name, real = _GEMM[dtype]
        one, zero = ctypes.byref(real(1)), ctypes.byref(real(0))
        (a_as, a, a_row), (b_as, b, b_row) = left, right
        operands = (one, a, a_row, b, b_row, zero, out, m)
        with self._gpu.lock:  # stream and workspace are the handle's until it is used
            self._call("cublasSetStream_v2", self._handle, _handle(stream))
            # A new stream takes the workspace away again.
            size, workspace = ctypes.c_size_t(WORKSPACE), _address(self._workspace)
            self._call("cublasSetWorkspace_v2", self._handle, workspace, size)
            self._call(name, self._handle, a_as, b_as, m, n, k, *operands)

    def _call(self, name, *arguments):
        if status := getattr(self._library, name)(*arguments):
            said = _STATUS.get(status, f"CUBLAS_STATUS_UNKNOWN_{status}")
            raise RuntimeError(f"{said}: {name}")


def choices():
    """Names of the ways to multiply matrices that are installed: ours comes first."""
    return ("own",) if _library() is None else ("own", CuBlas.name)


def products(name="auto"):
    """What multiplies: an object with the three host functions of `matmul`.

    name: of `choices`, or "auto" for cuBLAS where it is installed. Raises ValueError.
    """
    if name == "auto":
        name = choices()[-1]
    if name not in choices():
        raise ValueError(
            f"matrix products are by {' or '.join(choices())} here, not by {name!r}"
            " (cublas needs NVIDIA's library, as PyTorch or nvidia-cublas bring it)"
        )
    return OWN if name == OWN.name else CuBlas(_library())


@cache
def _library():
    """cuBLAS, or None where there is none; NVIDIA's own finder knows the places."""
    if SIMULATED:
        return None
    try:
        finder = import_module("cuda.pathfinder")
        return ctypes.CDLL(finder.load_nvidia_dynamic_lib("cublas").abs_path)
    except (ImportError, OSError, RuntimeError):
        return None


def _address(array, start=0):
    """Where entry `start` of a device array lies."""
    interface = array.__cuda_array_interface__
    size = np.dtype(interface["typestr"]).itemsize
    return ctypes.c_void_p(interface["data"][0] + start * size)


def _handle(stream):
    """The driver's handle of a stream of Numba's; of 0 and `COMPILE` the default's."""
    return ctypes.c_void_p(0 if stream in (0, COMPILE) else int(stream))
