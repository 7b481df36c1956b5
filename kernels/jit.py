"""How every kernel is compiled; `cache` keeps its machine code."""

import warnings
from typing import Any

import numba
from numba import config, extending
from numba.core.errors import NumbaExperimentalFeatureWarning

from .cache import cache_of
from .inlining import INLINED

# nnan and ninf stay out: divergence must remain visible.
FASTMATH = {"reassoc", "nsz", "arcp", "contract", "afn"}
# Python's error model adds a zero check to every division and blocks vectorisation.
OPTIONS: dict[str, Any] = {"fastmath": FASTMATH, "error_model": "numpy", "cache": True}
# Numba warns of functions as values, as the tuple of activations is. The warning says
# nothing about results.
warnings.filterwarnings(
    "ignore", message="First-class", category=NumbaExperimentalFeatureWarning
)
# Calls leave out the first argument, the typing context, which type checkers expect.
intrinsic: Any = extending.intrinsic


def jit(function=None, **options) -> Any:
    """`numba.njit` with the project's options; also used as `@jit(cache=False)`.

    Python's lock is free inside. Kept in the cache where all that the function is made
    of is ours. ImportError where Numba is told to compile nothing.
    """
    if function is None:
        return lambda f: jit(f, **options)
    if vars(config)["DISABLE_JIT"]:
        raise ImportError(
            "gradclinic trains by compiled code, which NUMBA_DISABLE_JIT=1 switches"
            " off: unset NUMBA_DISABLE_JIT"
        )
    options = {**OPTIONS, "nogil": True, "no_cfunc_wrapper": True, **options}
    kept = options.pop("cache")
    dispatcher: Any = numba.njit(**options)(function)
    if kept and (cached := cache_of(function)):
        dispatcher._cache = cached
    return dispatcher


def inner(function):
    """As `jit`, for functions that only other kernels call.

    Without the wrappers that Python calls through, which for nested tuples of arrays
    take longer to compile than the function itself, and without machine code. Where
    CUDA is simulated, kernels of a GPU run as Python and call these too: there they
    stay Python functions.
    """
    if getattr(config, "ENABLE_CUDASIM", 0):
        return formula(function)
    return jit(function, no_cpython_wrapper=True, forceinline=True, **INLINED)


def formula(function):
    """Have kernels call a function compiled; Python calls it as it is."""
    options = {k: v for k, v in OPTIONS.items() if k != "cache"}
    return extending.register_jitable(**options)(function)
