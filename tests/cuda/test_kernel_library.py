"""cuBLAS multiplies the right matrices: on a GPU itself, simulated a stand-in."""

import ctypes

import numpy as np
import pytest
from gradclinic.kernels.activations import ACTIVATIONS, slope_from_input
from gradclinic.kernels.cuda import library
from gradclinic.kernels.cuda.jit import COMPILE, SIMULATED
from numba import cuda

from ..kernels import naive

NUMBERS = {each.number: name for name, each in ACTIVATIONS.items()}
START = 3


def _matrix(address, real, rows, row, transposed):
    """op(matrix) of a column-major one whose columns are `row` entries apart."""
    pointer = ctypes.cast(address, ctypes.POINTER(real))
    matrix = np.ctypeslib.as_array(pointer, (rows, row)).T
    return matrix.T if transposed else matrix


class Reference:
    """The calls of cuBLAS that are used, by the definitions in its documentation."""

    def __init__(self):
        self.streams, self.workspaces = [], []

    def cublasCreate_v2(self, handle):
        return 0

    def cublasDestroy_v2(self, handle):
        return 0

    def cublasSetMathMode(self, handle, mode):
        assert mode == 0  # CUBLAS_DEFAULT_MATH: no TensorFloat-32
        return 0

    def cublasSetStream_v2(self, handle, stream):
        self.streams.append(stream.value)
        return 0

    def cublasSetWorkspace_v2(self, handle, workspace, size):
        self.workspaces.append(size.value)
        return 0

    def cublasSgemm_v2(self, *arguments):
        return self._gemm(ctypes.c_float, *arguments)

    def cublasDgemm_v2(self, *arguments):
        return self._gemm(ctypes.c_double, *arguments)

    def _gemm(self, real, handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc):
        assert len(self.workspaces) == len(self.streams)
        assert (alpha._obj.value, beta._obj.value) == (1, 0)
        assert lda >= (k if ta else m) and ldb >= (n if tb else k) and ldc >= m
        left = _matrix(a, real, m if ta else k, lda, ta)[:m, :k]
        right = _matrix(b, real, k if tb else n, ldb, tb)[:k, :n]
        _matrix(c, real, n, ldc, False)[:m] = left @ right
        return 0


@pytest.fixture
def blas(monkeypatch):
    if not SIMULATED:
        if "cublas" not in library.choices():
            pytest.skip("cuBLAS is not installed")
        return library.products("cublas")
    address = lambda array, start=0: ctypes.c_void_p(  # noqa: E731
        array._ary.ctypes.data + start * array._ary.itemsize
    )
    monkeypatch.setattr(library, "_address", address)
    return library.CuBlas(Reference())


@pytest.fixture(params=["float32", "float64"])
def dtype(request):
    return request.param


@pytest.fixture
def layer(dtype):
    """x, dz, z, params, W, bias of a dense layer: 5 rows, 4 inputs, 3 outputs."""
    rng = np.random.default_rng(0)
    shapes = [(5, 4), (5, 3), (5, 4), (START + 4 * 3 + 3 + 1,)]
    x, dz, z, params = (rng.normal(size=shape).astype(dtype) for shape in shapes)
    w, bias = params[START : START + 12].reshape(4, 3), params[START + 12 : START + 15]
    return x, dz, z, params, w, bias


def same(result, expected, dtype):
    close = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(result.copy_to_host(), expected, close, close)


@pytest.mark.parametrize("number", NUMBERS, ids=NUMBERS.get)
def test_product(blas, dtype, layer, number):
    x, dz, _, params, w, bias = layer
    y = cuda.to_device(np.full_like(dz, 7))
    device = cuda.to_device(params)
    blas.product(dtype, 0, y, cuda.to_device(x), device, START, number)
    f = naive.ACTIVATIONS[NUMBERS[number]][0]
    same(y, f(x.astype(float) @ w + bias), dtype)


@pytest.mark.parametrize("number", NUMBERS, ids=NUMBERS.get)
def test_product_transposed(blas, dtype, layer, number):
    x, dz, z, params, w, _ = layer
    f, slope = naive.ACTIVATIONS[NUMBERS[number]]
    z = z.astype(float)
    values = cuda.to_device((z if slope_from_input(number) else f(z)).astype(dtype))
    dx, device = cuda.to_device(np.full_like(x, 7)), cuda.to_device(params)
    blas.product_transposed(
        dtype, 0, dx, cuda.to_device(dz), device, START, values, number
    )
    same(dx, dz.astype(float) @ w.T * slope(z), dtype)


def test_outer_sum(blas, dtype, layer):
    x, dz, _, params, _, _ = layer
    grad = cuda.to_device(np.full_like(params, 7))
    blas.outer_sum(dtype, 0, grad, START, cuda.to_device(x), cuda.to_device(dz))
    expected = np.full(params.size, 7.0)
    expected[START : START + 12] = (x.T.astype(float) @ dz).ravel()
    same(grad, expected, dtype)


def test_compiling_multiplies_beside_all_streams(blas, layer):
    x, dz, _, params, w, _ = layer
    dx = cuda.to_device(np.zeros_like(x))
    device = cuda.to_device(params)
    blas.product_transposed(
        x.dtype.name, COMPILE, dx, cuda.to_device(dz), device, START, dx, 0
    )
    same(dx, dz @ w.T, x.dtype.name)


def test_choices():
    assert library.choices()[0] == "own"
    assert library.products("own").name == "own"
    assert library.products("auto").name == library.choices()[-1]


@pytest.mark.parametrize("name", ["mkl", "cublas" if SIMULATED else "CUBLAS"])
def test_what_is_not_there_is_said(name):
    with pytest.raises(ValueError, match=f"not by '{name}'"):
        library.products(name)


@pytest.mark.skipif(not SIMULATED, reason="needs a library that refuses")
def test_refusal_is_said(blas, monkeypatch):
    monkeypatch.setattr(Reference, "cublasSetStream_v2", lambda *_: 13)
    one = cuda.to_device(np.zeros((1, 1), "f"))
    with pytest.raises(
        RuntimeError, match="CUBLAS_STATUS_EXECUTION_FAILED: cublasSetStream_v2"
    ):
        blas.outer_sum("float32", 0, cuda.to_device(np.zeros(1, "f")), 0, one, one)
