"""Every data set by name."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .bundled import BUNDLED, bundled
from .designed import digits_reconstruction, spectrum
from .file import read_file
from .generated import (
    adding,
    from_scikit_learn,
    shifted_digits,
    sparse_parity,
    spirals,
    teacher_student,
)
from .table import DataError, Table, nearest


@dataclass(frozen=True)
class Source:
    """How a table is made: `draw(rng, **options)` if redrawn, else `draw(**options)`.

    redrawn: every seed draws new data (seeds are independent), as against random
    splits of one real data set (they are not). same_columns: column j means the same
    in every seed. informative: from the options to how many of the first columns
    matter, where all others are noise; None where that is not known.
    """

    draw: Callable[..., Table]
    redrawn: bool
    same_columns: bool = True
    informative: Callable[[dict], int] | None = None


def _generator(
    name, classification, about, same_columns=True, informative=None, **defaults
):
    draw = from_scikit_learn(name, classification, about, **defaults)
    return Source(draw, True, same_columns, informative)


SOURCES = {
    **{name: Source(partial(bundled, name), redrawn=False) for name in BUNDLED},
    "file": Source(read_file, redrawn=False),
    "digits_reconstruction": Source(digits_reconstruction, redrawn=False),
    "spectrum": Source(spectrum, redrawn=True, same_columns=False),
    "spirals": Source(spirals, redrawn=True),
    "adding": Source(adding, redrawn=True),
    "shifted_digits": Source(shifted_digits, redrawn=True),
    "sparse_parity": Source(
        sparse_parity, redrawn=True, informative=lambda options: options.get("k", 3)
    ),
    "teacher_student": Source(teacher_student, redrawn=True, same_columns=False),
    "regression": _generator(
        "make_regression",
        False,
        "Targets that are a random linear function of normal features plus noise,"
        " drawn afresh for every seed.",
        same_columns=False,
    ),
    "classification": _generator(
        "make_classification",
        True,
        "Clusters of points around the corners of a hypercube, drawn afresh for every"
        " seed.",
        same_columns=False,
    ),
    "moons": _generator(
        "make_moons",
        True,
        "Two interleaved half circles with noise, drawn afresh for every seed.",
        noise=0.2,
    ),
    "friedman1": _generator(
        "make_friedman1",
        False,
        "Friedman's first regression problem (five useful features of ten), drawn"
        " afresh for every seed.",
        informative=lambda options: 5,
        noise=1.0,
    ),
}


def table(name, options, rng):
    """The table of source `name`, drawn with `rng` if it is redrawn.

    options: (name, value) pairs. Raises DataError for an unknown source or option.
    """
    if name not in SOURCES:
        raise DataError(nearest("data set", name, list(SOURCES)))
    source = SOURCES[name]
    randomness = (rng,) if source.redrawn else ()
    try:
        inspect.signature(source.draw).bind(*randomness, **dict(options))
        return source.draw(*randomness, **dict(options))
    except TypeError as error:
        raise DataError(f"data set {name!r}: {error}") from error
