"""A dense layer on the device, beside what NumPy makes of it."""

import numpy as np
from gradclinic.kernels.activations import ACTIVATIONS, slope_from_input
from gradclinic.kernels.cuda import matmul
from gradclinic.kernels.cuda.matmul import IDENTITY
from numba import cuda

from ..kernels import naive

START, UNTOUCHED = 4, 7.0
CLOSE = {"float32": 3e-5, "float64": 1e-12}
NUMBERS = {each.number: name for name, each in ACTIVATIONS.items()}


class Layer:
    """Arrays of a dense layer, and what NumPy makes of them."""

    def __init__(self, sizes, dtype, number=IDENTITY, start=START):
        b, i, o = sizes
        rng = np.random.default_rng(sum(sizes))
        draw = lambda *shape: rng.normal(size=shape).astype(dtype)  # noqa: E731
        self.dtype, self.number, self.start, self.size = dtype, number, start, i * o
        self.x, self.dz, self.z = draw(b, i), draw(b, o), draw(b, i)
        self.params = draw(start + i * o + o + 1)
        self.w = self.params[start : start + i * o].reshape(i, o)
        self.bias = self.params[start + i * o : start + i * o + o]
        self.f, self.slope = naive.ACTIVATIONS[NUMBERS[number]]

    def product(self, tile):
        y = cuda.to_device(np.full_like(self.dz, UNTOUCHED))
        x, params = map(cuda.to_device, (self.x, self.params))
        matmul.product(self.dtype, 0, y, x, params, self.start, self.number, tile)
        expected = self.f(self.x.astype(float) @ self.w + self.bias)
        self.compare(y, expected, self.x.shape[1])

    def product_transposed(self, tile):
        """With the slope of the activation's output, or of its input."""
        z = self.z.astype(float)
        values = z if slope_from_input(self.number) else self.f(z)
        dx = cuda.to_device(np.full_like(self.x, UNTOUCHED))
        dz, params, values = map(
            cuda.to_device, (self.dz, self.params, values.astype(self.dtype))
        )
        matmul.product_transposed(
            self.dtype, 0, dx, dz, params, self.start, values, self.number, tile
        )
        expected = (self.dz.astype(float) @ self.w.T) * self.slope(z)
        self.compare(dx, expected, self.dz.shape[1])

    def outer_sum(self, tile):
        grad = cuda.to_device(np.full_like(self.params, UNTOUCHED))
        x, dz = map(cuda.to_device, (self.x, self.dz))
        matmul.outer_sum(self.dtype, 0, grad, self.start, x, dz, tile)
        expected = np.full(self.params.size, UNTOUCHED)
        dw = self.x.T.astype(float) @ self.dz
        expected[self.start : self.start + self.size] = dw.ravel()
        self.compare(grad, expected, len(self.x))

    def compare(self, result, expected, depth):
        close = CLOSE[self.dtype] * np.sqrt(depth)
        np.testing.assert_allclose(
            result.copy_to_host(), expected, rtol=close, atol=close
        )


OPERATIONS = ["product", "product_transposed", "outer_sum"]
