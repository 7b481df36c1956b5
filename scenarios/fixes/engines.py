"""The same step computed by something faster."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _engine(engine, label, claim, strength):
    return Fix(
        name=engine,
        family="implementation",
        apply=partial(replace, engine=engine),
        label=label,
        claim=claim,
        treats=("slow_training.seconds",),
        strength=strength,
    )


FIXES = (
    _engine(
        "numpy",
        "NumPy instead of Python loops",
        "One call works on a whole array, in compiled code.",
        "NumPy",
    ),
    _engine(
        "numba",
        "Numba, one thread",
        "The whole step is compiled: no calls and no temporary arrays between.",
        "Numba",
    ),
    _engine(
        "numba_parallel",
        "Numba, all threads",
        "The rows of a batch are shared among the processor's cores.",
        "Numba, parallel",
    ),
)
