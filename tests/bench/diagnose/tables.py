"""Small tables that several tests read, and one quick diagnosis."""

import numpy as np
import pandas as pd

QUICK = {"splits": 2, "epochs": 2, "network": (8,), "threads": 1}
# Nothing is tried: what the table, the network and the baselines tell is there.
UNTRIED = QUICK | {"budget": 1e-9}


def clusters(rows=200, columns=4, seed=0):
    """(DataFrame of numbers, classes): two clusters that overlap a little."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, rows)
    x = rng.normal(size=(rows, columns)) + 0.8 * y[:, None]
    return pd.DataFrame(x, columns=[f"f{k}" for k in range(columns)]), y


def quiet(done, total, text):
    """A progress that is not shown."""
    assert text
