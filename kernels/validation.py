"""Checks of the public layer: what was wrong, what was expected, in one sentence."""

import math
from difflib import get_close_matches
from numbers import Real

import numpy as np

from .bounds import ANY, SWITCH
from .reading import as_numbers

FLOATS = ("float32", "float64")


def check_choice(what, name, known):
    """ValueError unless `name` is a key of `known`; names the nearest match."""
    if isinstance(name, str) and name in known:
        return name
    near = get_close_matches(str(name), list(known), n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"unknown {what} {name!r}; expected one of {', '.join(known)}{hint}"
    )


def check_options(what, options, known, bounds):
    """ValueError on an option `what` does not have, or one that is out of its bounds.

    bounds: option -> `Bounds`; one without may be any finite number. TypeError on one
    that is no number.
    """
    for name, value in options.items():
        check_choice(f"option of {what}", name, known)
        check_number(name, value, bounds.get(name, ANY))


def check_number(name, value, bounds=ANY):
    """A finite float, an int where it must be whole; TypeError or ValueError otherwise.

    True and False are numbers where they are meant: as a switch, or without bounds.
    """
    truth = isinstance(value, bool | np.bool_)
    if not isinstance(value, Real | np.bool_) or (truth and bounds not in _TAKE_TRUTH):
        raise TypeError(f"{name} must be a number, got {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite, got {number}")
    if bounds.whole and bounds != SWITCH and number != int(number):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if number not in bounds or (bounds == SWITCH and number not in (0, 1)):
        raise ValueError(f"{name} must be {bounds.words(number)}, got {value}")
    return int(number) if bounds.whole else number


_TAKE_TRUTH = (ANY, SWITCH)


def check_count(name, value, low=1, high=2**53):
    """An int from low to high; TypeError or ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if value < low:
        raise ValueError(f"{name} must be at least {low}, got {value}")
    if value > high:
        raise ValueError(f"{name} must be at most {high:,}, got {value}")
    return int(value)


def check_pair(name, value, low=1):
    """(height, width), from one int for both or from two; see `check_count`."""
    pair = (value, value) if not isinstance(value, list | tuple) else tuple(value)
    if len(pair) != 2:
        raise ValueError(f"{name} must be a whole number or two, got {value!r}")
    return tuple(check_count(name, each, low) for each in pair)


def check_switch(name, value):
    """True or False, as which 1 and 0 are taken too; ValueError otherwise."""
    if isinstance(value, bool | np.bool_) or (
        isinstance(value, Real) and value in (0, 1)
    ):
        return bool(value)
    raise ValueError(f"{name} must be True or False, got {value!r}")


def check_seed(name, value):
    """A seed: an int from 0 to 2^64 - 1, the length of a Philox key."""
    return check_count(name, value, 0, 2**64 - 1)


def check_dtype(name, dtype):
    """Name of the dtype of parameters: float32 or float64, or one like them."""
    try:
        found = None if dtype is None else np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or found.name not in FLOATS or not found.isnative:
        said = dtype if found is None else found
        raise ValueError(
            f"unknown {name} {str(said)!r}; expected {' or '.join(FLOATS)}"
        )
    return found.name


def check_floats(name, array, shape, dtype=None):
    """Name of the dtype of a float array of `shape` that kernels may write to.

    As it lies in memory: C-contiguous, aligned, writable, in this machine's order of
    bytes; a copy of another one could not be changed in place. shape: None entries
    match any length. TypeError on a wrong dtype, ValueError on the rest.
    """
    if isinstance(array, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must be a NumPy array without a mask, got a masked one"
        )
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name} must be a NumPy array, got {type(array).__name__}")
    allowed = (dtype,) if dtype else FLOATS
    if array.dtype.name not in allowed:
        raise TypeError(f"{name} must be {' or '.join(allowed)}, got {array.dtype}")
    if not array.dtype.isnative:
        raise TypeError(
            f"{name} must be in this machine's order of bytes, got dtype"
            f" {array.dtype.str}; pass {name}.astype('{array.dtype.name}')"
        )
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
    if not array.flags.aligned:
        raise ValueError(f"{name} is not aligned in memory; pass {name}.copy()")
    if not array.flags.writeable:
        raise ValueError(f"{name} is read-only; pass {name}.copy()")
    return array.dtype.name


def check_rows(name, x, shape, dtype, runs=None):
    """x as C-contiguous float[rows, columns] (or [runs, rows, columns]) without NaN.

    shape: of a row, of whose axes x may have all, or one. x: see `reading`. The result
    is a read-only view wherever x needs no conversion, so a memory-mapped file is not
    read into memory, and kernels see one type whether x was writable or not.
    """
    x, columns, ndim = as_numbers(name, x), math.prod(shape), len(shape)
    if ndim > 1 and x.ndim > ndim and x.shape[-ndim:] == shape:
        x = x.reshape(*x.shape[:-ndim], columns)
    if x.ndim not in ((2,) if runs is None else (2, 3)) or x.shape[-1] != columns:
        axes = f" or (rows, {', '.join(map(str, shape))})" if ndim > 1 else ""
        raise ValueError(
            f"{name} must have shape (rows, {columns}){axes}, got {x.shape}; the"
            f" network has {columns} inputs"
        )
    if x.ndim == 3 and len(x) not in (1, runs):
        raise ValueError(
            f"{name} holds {len(x)} sets of rows for {runs} runs; pass one or as many"
        )
    x = as_floats(x, dtype).view()
    x.flags.writeable = False
    return check_finite(name, x)


def as_floats(array, dtype):
    """The array, or a copy of it, as kernels read it: C-contiguous and aligned."""
    with np.errstate(over="ignore"):  # an overflow is infinite, and counted later
        return np.require(array, dtype, ("C_CONTIGUOUS", "ALIGNED"))


def check_some(name, x):
    """ValueError where there are no rows to take a mean of."""
    if len(x) == 0:
        raise ValueError(f"{name} holds no rows; a mean loss needs at least one")


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
