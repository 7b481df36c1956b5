"""The same rows brought to the same step by a shorter way."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _engine(name, engine, label, claim, strength):
    return Fix(
        name=name,
        family="implementation",
        apply=partial(replace, engine=engine),
        label=label,
        claim=claim,
        treats=("slow_training.loading",),
        strength=strength,
    )


FIXES = (
    _engine(
        "prefetch_thread",
        "csv_thread",
        "A second thread that reads ahead",
        "The next rows are read while the step is computed.",
        "CSV, a thread ahead",
    ),
    _engine(
        "binary_file",
        "binary",
        "A binary file instead of text",
        "The bytes of the file are those of the array: nothing is parsed.",
        "binary",
    ),
    _engine(
        "in_memory",
        "numpy",
        "Rows parsed once and kept in memory",
        "What fits in memory need not be read twice.",
        "NumPy, in memory",
    ),
)
