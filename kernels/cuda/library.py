"""The matrix products of a dense layer by cuBLAS, where it is installed.

The library itself is called, without CuPy or PyTorch around it, though either brings
it: CuPy refuses to have its calls recorded in a CUDA graph. A call only puts work on
the stream; workspace is given to cuBLAS once, so that it allocates none in between.
Bias, activation and slope are a kernel after the product.
Source: cuBLAS documentation (NVIDIA), sections on cublas<t>gemm() and on CUDA graphs.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numba import cuda

from ..jit import inner
from . import matmul
from .formulas import activation, activation_slope
from .jit import kernel
from .matmul import IDENTITY

# Operations and mode of the library's header: as it is, transposed; no TensorFloat-32.
_AS_IS, _TRANSPOSED, _DEFAULT_MATH = 0, 1, 0
# Bytes of workspace: what NVIDIA recommends for its newest architectures.
WORKSPACE = 32 * 1024 * 1024
_GEMM = {"float32": "cublasSgemm_v2", "float64": "cublasDgemm_v2"}
_REAL = {"float32": ctypes.c_float, "float64": ctypes.c_double}


@kernel("mvnn")
def bias_activation(y, params, start, number):
    """y = f(y + bias), in place. y: real[b, o].

    params: real[n] with bias[o] from `start` on; number: of f.
    """
    columns = y.shape[1]
    for r in range(cuda.blockIdx.y, y.shape[0], cuda.gridDim.y):
        first = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
        for c in range(first, columns, cuda.gridDim.x * cuda.blockDim.x):
            y[r, c] = activation(number, y[r, c] + params[start + c])
