"""Rules that update each parameter by itself: a scalar formula, and the loop around it.

The formula is written once, for the loop here and for a thread of a GPU:

scalars(hyper, step): what is the same for every parameter, a tuple of float64; hyper:
float64[k]. Plain Python that Numba compiles.
element(p, g, state, i, c): the formula for parameter i, in place, on p[i] and
state[row, i]; c: the scalars in the dtype of p. Compiled by `jit.inner`; made of
indexing, arithmetic in that dtype, functions of `math` and other such formulas.
"""

from functools import cache
from inspect import isfunction

from numba import types
from numba.core.errors import TypingError

from .cache import plain
from .jit import inner, intrinsic, jit

_NUMBERS = (types.Boolean, types.Integer, types.Float)


@intrinsic
def as_reals(_context, c, like):
    """The entries of a tuple of numbers in the dtype of an array."""
    kinds = getattr(c, "types", ())  # of a tuple
    if not kinds or not all(isinstance(kind, _NUMBERS) for kind in kinds):
        raise TypingError(f"scalars must return a tuple of numbers, not {c}")
    kind = types.UniTuple(like.dtype, len(kinds))

    def build(context, builder, signature, arguments):
        given, (values, _) = signature.args[0], arguments
        cast = [
            context.cast(builder, builder.extract_value(values, k), each, like.dtype)
            for k, each in enumerate(given)
        ]
        return context.make_tuple(builder, kind, cast)

    return kind(c, like), build


@cache
def elementwise(scalars, element):
    """The rule of an optimizer, `update(p, g, state, hyper, step, layout)`.

    TypeError where a part is no function.
    """
    for name, part in (("scalars", scalars), ("element", element)):
        if not isfunction(plain(part)):
            raise TypeError(f"{name} must be a Python function, compiled or not")
    # Inlined before it is compiled: on its own it is optimised to branches, which then
    # keep the loop around it from being vectorised.
    return loop(
        inner(plain(scalars)), jit(plain(element), cache=False, inline="always")
    )


def loop(scalars, element):
    """The rule made of two compiled functions."""

    def update(p, g, state, hyper, step, layout):
        c = as_reals(scalars(hyper, step), p)
        for i in range(p.size):
            element(p, g, state, i, c)

    update.__doc__ = element.__doc__
    return update


@jit
def copy(to, source):
    """to = source. Both float[n], or both float[b, o]; in place.

    A loop: an array assignment would compile NumPy's broadcasting with it.
    """
    for r in range(to.shape[0]):
        if to.ndim == 1:
            to[r] = source[r]
        else:
            for c in range(to.shape[1]):
                to[r, c] = source[r, c]
