"""A large model: its file is larger than it may be."""

import numpy as np

from .detection import any_of, component, measured

READS = ("file_bytes", "file_budget")


def detect(values, test_over_train=None):
    """The file of the trained network takes more than 100 % of its budget.

    values: file_bytes, file_budget (bytes; a scalar or one per seed). The size of a
    file has nothing to do with the rows of a split.
    """
    size, budget = measured(values, "file_bytes"), measured(values, "file_budget")
    known = size.size and budget.size
    with np.errstate(divide="ignore", invalid="ignore"):
        filled = 100.0 * size / budget if known else np.empty(0)
    return any_of(component("file / budget", filled, ">", 100.0, "%"))
