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
    _engine(
        "population",
        "Numba, 16 networks at once",
        "Every core trains networks of its own; nothing is started anew for each.",
        "Numba, population: seconds of one network",
    ),
    _engine(
        "numba_float16",
        "Numba, activations kept in float16",
        "Half of the bytes of what waits for the way back.",
        "Numba, float16 storage",
    ),
    _engine(
        "cuda",
        "On a GPU",
        "Thousands of units multiply at once, where a GPU is present.",
        "CUDA",
    ),
)
