"""First-class compiled functions: how one training loop serves every layer and rule.

A layer, a loss, an optimizer or a schedule is a plain Python function of a fixed
signature. `compiled` turns it into a value that Numba passes by address, so the loop is
compiled once per dtype and a function written by a user runs in it as it stands.
"""

from functools import cache
from typing import Any

from numba import types

from .jit import jit

_ROW, _TABLE, _DRAW = types.int64[::1], types.int64[:, ::1], types.uint32[::1]
_REAL, _REALS = types.float64, types.float64[::1]


def signature(role, dtype):
    """Numba signature of a role (`forward`, `backward`, `loss`, ...) at a dtype.

    dtype: "float32" or "float64". Names of the arguments are in the package's
    docstrings of each role; scalars and hyper-parameters are always float64.
    """
    real = types.float32 if dtype == "float32" else types.float64
    v, m = real[::1], real[:, ::1]
    return {
        # y, x, w, row, real, draw
        "forward": types.void(m, m, v, _ROW, _REAL, _DRAW),
        # dx, dy, x, y, w, row, real, draw
        "backward": types.void(m, m, m, m, v, _ROW, _REAL, _DRAW),
        # dw, dz, x, row, first, more
        "gradient": types.void(v, m, m, _ROW, types.int64, types.boolean),
        # y, x, w, row, first, count
        "forward_columns": types.void(m, m, v, _ROW, types.int64, types.int64),
        # dy, y, row, first, count
        "settle": types.void(m, m, _ROW, types.int64, types.int64),
        # dx, dz, w, row, first, count
        "backward_columns": types.void(m, m, v, _ROW, types.int64, types.int64),
        # dz, z, y, scale -> sum of the rows' losses
        "loss": _REAL(m, m, m, _REAL),
        # z, y -> sum of the rows' scores
        "score": _REAL(m, m),
        # p, g, state, hyper, step, layout
        "update": types.void(v, v, m, _REALS, types.int64, _TABLE),
        # out, p, state, hyper, step, layout
        "average": types.void(v, v, m, _REALS, types.int64, _TABLE),
        # step, steps, options, memory -> factor of the learning rate
        "schedule": _REAL(types.int64, types.int64, _REALS, _REALS),
        # memory, loss, options
        "observe": types.void(_REALS, _REAL, _REALS),
    }[role]


class CompiledFunction(types.WrapperAddressProtocol):
    """A compiled function as a value: callable, and passed to kernels by address."""

    def __init__(self, function, sig):
        self._signature = sig
        self._dispatcher: Any = jit(function, no_cfunc_wrapper=False)
        self._dispatcher.compile(sig)
        self._dispatcher.disable_compile()
        code = self._dispatcher.overloads[sig.args]
        name = code.fndesc.llvm_cfunc_wrapper_name
        self._address = code.library.get_pointer_to_function(name)

    def __call__(self, *arguments):
        return self._dispatcher(*arguments)

    def __wrapper_address__(self):
        return self._address

    def signature(self):
        return self._signature


class DeclaredFunction(types.WrapperAddressProtocol):
    """The type of a compiled function without its code: to compile what calls it."""

    def __init__(self, sig):
        self._signature = sig

    def __wrapper_address__(self):
        raise TypeError("this function is declared, not compiled")

    def signature(self):
        return self._signature


@cache
def compiled(function, role, dtype):
    """The `CompiledFunction` of a plain Python function in a role, made once."""
    return CompiledFunction(function, signature(role, dtype))


def declared(function, role, dtype):
    """As `compiled`, of the same type, but nothing is compiled."""
    return DeclaredFunction(signature(role, dtype))


@cache
def compiled_as(function, returns, arguments):
    """As `compiled`, for a signature given by Numba types (a tuple of arguments)."""
    return CompiledFunction(function, returns(*arguments))
