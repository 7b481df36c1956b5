"""Every data set by name."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .bundled import ABOUT, bundled
from .curves import mnist1d, mnist1d_original
from .designed import digits_reconstruction, one_digit, spectrum
from .file import read_file
from .generated import (
    bent,
    from_scikit_learn,
    shifted_digits,
    sparse_parity,
    spirals,
    teacher_student,
    two_normals,
)
from .glyphs import glyphs
from .idx import read_idx
from .sequences import adding, copying, grammar, parity
from .table import DataError, Table, nearest


@dataclass(frozen=True)
class Source:
    """How a table is made: `draw(rng, **options)` if redrawn, else `draw(**options)`.

    summary: one sentence on what it is; its options are the arguments of `draw`.
    redrawn: every seed draws new data (seeds are independent), as against random
    splits of one real data set (they are not). same_columns: column j means the same
    in every seed. informative: from the options to how many of the first columns
    matter, where all others are noise; None where that is not known.
    """

    draw: Callable[..., Table]
    redrawn: bool
    summary: str
    same_columns: bool = True
    informative: Callable[[dict], int | None] | None = None


def _generator(
    name, classification, about, same_columns=True, informative=None, **defaults
):
    draw = from_scikit_learn(name, classification, about, **defaults)
    return Source(draw, True, about, same_columns, informative)


def classes_first(options):
    """How many columns of `make_classification` come first and tell of the class.

    None where it shuffles them, as it does unless told.
    """
    if options.get("shuffle", True):
        return None
    counts = {"n_informative": 2, "n_redundant": 2, "n_repeated": 0}
    return sum(int(options.get(name, usual)) for name, usual in counts.items())


SOURCES = {
    **{
        name: Source(partial(bundled, name), False, about)
        for name, about in ABOUT.items()
    },
    "file": Source(read_file, False, "A table from a CSV or parquet file."),
    "idx": Source(read_idx, False, "Images and labels from files as MNIST's."),
    "digits_reconstruction": Source(
        digits_reconstruction, False, "Handwritten digits that must be reproduced."
    ),
    "one_digit": Source(
        one_digit, False, "Handwritten digits, of which one is asked for."
    ),
    "glyphs": Source(
        glyphs, True, "Images of digits drawn by a pen, 28 x 28 pixels as MNIST's."
    ),
    "mnist1d": Source(
        mnist1d, True, "Ten classes of curves of 40 points, as MNIST-1D specifies."
    ),
    "mnist1d_original": Source(
        mnist1d_original, True, "MNIST-1D by its authors' package, mnist1d."
    ),
    "adding": Source(adding, True, "The sum of the two marked numbers of a sequence."),
    "copying": Source(copying, True, "A symbol of a sequence, recalled after a delay."),
    "parity": Source(parity, True, "Whether the ones of a row of bits are odd."),
    "grammar": Source(grammar, True, "The next letter of strings of Reber's grammar."),
    "spectrum": Source(
        spectrum, True, "A linear regression of known curvature.", same_columns=False
    ),
    "spirals": Source(spirals, True, "Interleaved spiral arms in the plane."),
    "shifted_digits": Source(
        shifted_digits, True, "Handwritten digits, moved by a pixel, with noise."
    ),
    "two_normals": Source(
        two_normals,
        True,
        "Two normal classes, of which the best rule is known.",
        informative=lambda options: 1,
    ),
    "bent": Source(
        bent,
        True,
        "Normal inputs parted by a parabola.",
        informative=lambda options: 2,
    ),
    "sparse_parity": Source(
        sparse_parity,
        True,
        "Random signs, and the product of a few of them.",
        informative=lambda options: options.get("k", 3),
    ),
    "teacher_student": Source(
        teacher_student,
        True,
        "The answers of a random network with one hidden layer.",
        same_columns=False,
    ),
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
        informative=classes_first,
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
        "Friedman's first regression problem (five useful features), drawn"
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
