"""Compiled functions called by address: how one loop serves every layer and rule.

A layer, a loss, an optimizer or a schedule is a plain Python function of a fixed
signature. `compiled` makes machine code of it, once a dtype; kernels take its address,
an int64, and call it by the `call_...` of its role. So the loop is compiled once a
dtype, a function written by a user runs in it as it stands, and a call of the loop has
no functions to tell types of. Addresses stay valid: what is compiled is kept.
"""

from functools import cache
from typing import Any

from llvmlite import ir
from numba import types

from .jit import intrinsic, jit

_ROW, _TABLE, _DRAW = types.int64[::1], types.int64[:, ::1], types.uint32[::1]
_INT, _REAL, _REALS = types.int64, types.float64, types.float64[::1]

# Roles of a kind of layer, and their rows in `Model.kinds`: `functions.FORWARD`.
LAYER_ROLES = ("forward", "settle", "backward", "gradient", "absorb", "row_norms")
FORWARD, SETTLE, BACKWARD, GRADIENT, ABSORB, ROW_NORMS = range(len(LAYER_ROLES))


def signature(role, dtype):
    """Numba signature of a role (`forward`, `backward`, `loss`, ...) at a dtype.

    dtype: "float32" or "float64". Names of the arguments are in `layer.Kind`, `losses`,
    `optimizer` and `schedule`; scalars and hyper-parameters are always float64.
    """
    real = types.float32 if dtype == "float32" else types.float64
    v, m = real[::1], real[:, ::1]
    return {
        # y, kept, x, w, tail, row, real, draw, first, count
        "forward": types.void(m, m, m, v, v, _ROW, _REAL, _DRAW, _INT, _INT),
        # dy, y, row, first, count
        "settle": types.void(m, m, _ROW, _INT, _INT),
        # dx, dz, kept, x, y, w, row, real, draw, first, count
        "backward": types.void(m, m, m, m, m, v, _ROW, _REAL, _DRAW, _INT, _INT),
        # dw, dz, kept, x, y, row, part, more
        "gradient": types.void(v, m, m, m, m, _ROW, _INT, types.boolean),
        # tail, kept, row, real
        "absorb": types.void(v, m, _ROW, _REAL),
        # x, dz, kept, y, row -> sum over rows of a squared norm
        "row_norms": _REAL(m, m, m, m, _ROW),
        # dz, z, y, scale -> sum of the rows' losses
        "loss": _REAL(m, m, m, _REAL),
        # z, y -> sum of the rows' scores
        "score": _REAL(m, m),
        # p, g, state, hyper, step, layout
        "update": types.void(v, v, m, _REALS, _INT, _TABLE),
        # out, p, state, hyper, step, layout
        "average": types.void(v, v, m, _REALS, _INT, _TABLE),
        # step, steps, options, memory -> factor of the learning rate
        "schedule": _REAL(_INT, _INT, _REALS, _REALS),
        # memory, loss, options
        "observe": types.void(_REALS, _REAL, _REALS),
    }[role]


class CompiledFunction:
    """A compiled function: callable, and its address for kernels."""

    def __init__(self, function, sig):
        self.signature = sig
        self.dispatcher: Any = jit(function, no_cfunc_wrapper=False)
        self.dispatcher.compile(sig)
        self.dispatcher.disable_compile()
        code = self.dispatcher.overloads[sig.args]
        name = code.fndesc.llvm_cfunc_wrapper_name
        self.address = code.library.get_pointer_to_function(name)

    def __call__(self, *arguments):
        return self.dispatcher(*arguments)


@cache
def compiled(function, role, dtype):
    """The `CompiledFunction` of a plain Python function in a role, made once."""
    return CompiledFunction(function, signature(role, dtype))


@cache
def compiled_as(function, returns, arguments):
    """As `compiled`, for a signature given by Numba types (a tuple of arguments)."""
    return CompiledFunction(function, returns(*arguments))


def _called(sig):
    """(signature, code) of a call of the function whose address comes first."""

    def call(context, builder, _, arguments):
        returned = context.get_value_type(sig.return_type)
        taken = [context.get_value_type(each) for each in sig.args]
        function = ir.FunctionType(returned, taken).as_pointer()
        return builder.call(builder.inttoptr(arguments[0], function), arguments[1:])

    return sig.return_type(_INT, *sig.args), call


def _in_role(role, array):
    """As `_called`, of a role; array: the type of an argument of the role's dtype."""
    return _called(signature(role, array.dtype.name))


@intrinsic
def call_forward(_, at, y, kept, x, w, tail, row, real, draw, first, count):
    return _in_role("forward", y)


@intrinsic
def call_settle(_, at, dy, y, row, first, count):
    return _in_role("settle", dy)


@intrinsic
def call_backward(_, at, dx, dz, kept, x, y, w, row, real, draw, first, count):
    return _in_role("backward", dz)


@intrinsic
def call_gradient(_, at, dw, dz, kept, x, y, row, part, more):
    return _in_role("gradient", dz)


@intrinsic
def call_absorb(_, at, tail, kept, row, real):
    return _in_role("absorb", tail)


@intrinsic
def call_row_norms(_, at, x, dz, kept, y, row):
    return _in_role("row_norms", dz)


@intrinsic
def call_loss(_, at, dz, z, y, scale):
    return _in_role("loss", z)


@intrinsic
def call_score(_, at, z, y):
    return _in_role("score", z)


@intrinsic
def call_update(_, at, p, g, state, hyper, step, layout):
    return _in_role("update", p)


@intrinsic
def call_average(_, at, out, p, state, hyper, step, layout):
    return _in_role("average", p)


@intrinsic
def call_schedule(_, at, step, steps, options, memory):
    return _called(signature("schedule", "float64"))


@intrinsic
def call_observe(_, at, memory, loss, options):
    return _called(signature("observe", "float64"))


@intrinsic
def call_task(_, at, course, kind, task):
    """One task of a training, see `loop.tasks.run_task`."""
    return _called(types.void(course, _INT, _INT))


@intrinsic
def call_driver(_, at, course):
    """A whole training, see `loop.training.train_serial`."""
    return _called(types.void(course))
