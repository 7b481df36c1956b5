"""Checks of the public layer: what was wrong, what was expected, in one sentence."""

from difflib import get_close_matches
from numbers import Real

import numpy as np


def check_choice(what, name, known):
    """ValueError unless `name` is a key of `known`; names the nearest match."""
    if name in known:
        return name
    near = get_close_matches(str(name), list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"unknown {what} {name!r}; expected one of {', '.join(known)}{hint}"
    )


def check_options(what, options, known):
    """ValueError on an option `what` does not have; TypeError on one not a number."""
    for name, value in options.items():
        if name not in known:
            check_choice(f"option of {what}", name, known)
        check_number(name, value)


def check_number(name, value, low=None, high=None):
    """A finite float in [low, high]; TypeError or ValueError otherwise."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r}")
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"at least {low}" if high is None else f"between {low} and {high}"
        raise ValueError(f"{name} must be {bounds}, got {value}")
    return number


def check_count(name, value, low=1):
    """An int of at least `low`; TypeError or ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {value}")
    return int(value)


def check_seed(name, value):
    """A seed: an int from 0 to 2^64 - 1, the length of a Philox key."""
    if check_count(name, value, 0) >= 2**64:
        raise ValueError(f"{name} must be below 2^64, got {value}")
    return int(value)


def check_floats(name, array, shape, dtype=None):
    """Name of the dtype of a C-contiguous, writable float array of `shape`.

    shape: None entries match any length. TypeError on a wrong dtype, ValueError on a
    wrong shape.
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(array).__name__}")
    allowed = (dtype,) if dtype else ("float32", "float64")
    if array.dtype.name not in allowed:
        raise TypeError(f"{name} must be {' or '.join(allowed)}, got {array.dtype}")
    wrong = len(shape) != array.ndim or any(
        want not in (None, have) for want, have in zip(shape, array.shape, strict=False)
    )
    if wrong:
        want = ", ".join("any" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} must have shape ({want}), got {array.shape}")
    if not array.flags.c_contiguous:
        raise ValueError(
            f"{name} must be C-contiguous; pass np.ascontiguousarray({name})"
        )
    if not array.flags.writeable:
        raise ValueError(f"{name} is read-only; pass {name}.copy()")
    return array.dtype.name


def check_rows(name, x, columns, dtype, runs=None):
    """x as C-contiguous float[rows, columns] (or [runs, rows, columns]) without NaN.

    The result is a read-only view wherever x needs no conversion, so a memory-mapped
    file is not read into memory, and kernels see one type whether x was writable or
    not.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold numbers, got dtype {x.dtype}")
    if x.ndim not in ((2,) if runs is None else (2, 3)) or x.shape[-1] != columns:
        raise ValueError(
            f"{name} must have shape (rows, {columns}), got {x.shape}; the network has"
            f" {columns} inputs"
        )
    if x.ndim == 3 and len(x) not in (1, runs):
        raise ValueError(
            f"{name} holds {len(x)} sets of rows for {runs} runs; pass one or as many"
        )
    with np.errstate(over="ignore"):  # an overflow is infinite, and counted below
        x = np.ascontiguousarray(x, dtype=dtype).view()
    x.flags.writeable = False
    return check_finite(name, x)


def check_finite(name, array):
    """The array itself; ValueError that counts NaN and infinite entries."""
    # Summing is one pass without a temporary array; only a bad sum is looked into.
    with np.errstate(all="ignore"):
        clean = np.isfinite(array.sum(dtype=np.float64))
    if not clean and (bad := int((~np.isfinite(array)).sum())):
        raise ValueError(
            f"{name} holds {bad} NaN or infinite entries; remove or impute them first"
        )
    return array
