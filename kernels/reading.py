"""Whatever holds numbers as a NumPy array of them, or one sentence why it cannot be.

Taken: arrays of any order of bytes and any strides, lists of equally long rows, data
frames and series (nullable and Arrow columns too), and what else NumPy reads as
numbers. Refused: what would lose its meaning, as masks and missing values do.
"""

import numpy as np

NUMBERS = "fiub"  # kinds of dtypes: floats, integers with and without sign, booleans
# What to do about arrays of other kinds.
_ADVICE = {
    "c": "complex numbers; pass the real and the imaginary part as columns",
    "U": "strings; encode them as numbers first",
    "S": "strings; encode them as numbers first",
    "T": "strings; encode them as numbers first",
    "M": "dates; pass numbers, such as the days since the first of them",
    "m": "durations; pass numbers, such as seconds",
    "V": "records of named fields; pass their columns as one array of numbers",
}


def as_numbers(name, values):
    """The values as an array of a dtype of `NUMBERS`, not copied where it is one.

    TypeError where they are no numbers, ValueError where some are masked or missing.
    """
    if isinstance(values, np.ma.MaskedArray):
        if masked := int(np.ma.count_masked(values)):
            raise ValueError(
                f"{name} holds {masked} masked entries; fill or drop them first"
            )
        values = values.data
    if hasattr(values, "toarray") and hasattr(values, "nnz"):
        raise TypeError(f"{name} is a sparse matrix; pass {name}.toarray()")
    if hasattr(values, "__next__"):
        raise TypeError(f"{name} is a generator; pass a list or an array of its rows")
    array = _read(name, values)
    if array.dtype.kind == "O" and hasattr(values, "isna"):
        array = _table(name, values)
    if array.dtype.kind not in NUMBERS:
        _refuse(name, values, array)
    return array


def _read(name, values):
    """np.asarray, its errors as one sentence."""
    try:
        return np.asarray(values)
    except Exception as error:  # __array__ is anyone's code
        if "inhomogeneous" in str(error):
            raise ValueError(
                f"{name} is ragged; all its rows must hold as many numbers"
            ) from None
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        raise TypeError(f"{name} cannot be read as an array: {said}") from None


def _refuse(name, values, array):
    kind = array.dtype.kind
    if kind == "O" and array.ndim == 0:
        said = "None" if values is None else f"a {type(values).__name__}"
        raise TypeError(f"{name} must hold numbers in an array, got {said}")
    advice = _ADVICE.get(kind, "Python objects; convert them to float32 first")
    raise TypeError(
        f"{name} must hold numbers, got dtype {array.dtype}, which are {advice}"
    )


def _table(name, values):
    """A data frame or series whose columns are numbers, by what pandas calls them.

    Nullable and Arrow columns, and columns of different dtypes, are objects to NumPy.
    """
    columns = getattr(values, "columns", None)
    dtypes = [values.dtype] if columns is None else list(values.dtypes)
    labels = [name] if columns is None else [f"column {c!r} of {name}" for c in columns]
    for label, dtype in zip(labels, dtypes, strict=True):
        # A column of categories is of what its categories are.
        plain = getattr(getattr(dtype, "categories", None), "dtype", dtype)
        if getattr(plain, "kind", "O") not in NUMBERS:
            raise TypeError(f"{label} must hold numbers, got dtype {dtype}")
    missing = int(np.asarray(values.isna()).sum())
    if missing:
        raise ValueError(
            f"{name} holds {missing} missing values; remove or impute them first"
        )
    if columns is not None and any(hasattr(dtype, "categories") for dtype in dtypes):
        values = values.astype(np.float64)
    return values.to_numpy(dtype=np.float64)
