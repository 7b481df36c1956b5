"""Every data set by name."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .bundled import BUNDLED, bundled
from .designed import digits_reconstruction, spectrum
from .file import read_file
from .generated import (
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
    splits of one real data set (they are not).
    """

    draw: Callable[..., Table]
    redrawn: bool


def _generator(name, classification, about, **defaults):
    draw = from_scikit_learn(name, classification, about, **defaults)
    return Source(draw, redrawn=True)


SOURCES = {
    **{name: Source(partial(bundled, name), redrawn=False) for name in BUNDLED},
    "file": Source(read_file, redrawn=False),
    "digits_reconstruction": Source(digits_reconstruction, redrawn=False),
    "spectrum": Source(spectrum, redrawn=True),
    "spirals": Source(spirals, redrawn=True),
    "shifted_digits": Source(shifted_digits, redrawn=True),
    "sparse_parity": Source(sparse_parity, redrawn=True),
    "teacher_student": Source(teacher_student, redrawn=True),
    "regression": _generator(
        "make_regression",
        False,
        "Targets that are a random linear function of normal features plus noise,"
        " drawn afresh for every seed.",
    ),
    "classification": _generator(
        "make_classification",
        True,
        "Clusters of points around the corners of a hypercube, drawn afresh for every"
        " seed.",
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
