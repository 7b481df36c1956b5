"""The stored trajectories: an .npz file a module of references, beside the code."""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "trajectories"
SCHEMA, LAST = 1, 200
# The steps at which parameters are stored: the first three, then every fifth.
STEPS = (1, 2, 3, *range(5, LAST + 1, 5))


def at_steps(trajectory):
    """float64[k, n]: a trajectory's parameters at STEPS; fewer where it ends early."""
    kept, wanted = [], set(STEPS)
    for step, params in enumerate(trajectory, 1):
        if step in wanted:
            kept.append(np.array(params))
        if step == LAST:
            break
    return np.array(kept)


def declared(reference):
    """What must be the same in the table and in the file for a row to be compared."""
    return {
        "optimizer": reference.optimizer,
        "label": reference.label,
        "source": reference.source,
        "options": reference.options,
        "averaged": reference.averaged,
        "problems": list(reference.problems),
    }


def write(module, references, versions, arrays):
    """Store the arrays {key: float64[k, n]} of a module of references."""
    about = {
        "schema": SCHEMA,
        "versions": versions,
        "rows": [declared(reference) for reference in references],
    }
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{module}.npz"
    np.savez_compressed(path, about=np.array(json.dumps(about)), **arrays)
    return path


def read(module):
    """(about, arrays) of a module of references, or ({}, {}) where none is stored."""
    path = FOLDER / f"{module}.npz"
    if not path.exists():
        return {}, {}
    with np.load(path) as file:
        arrays = dict(file)
    return json.loads(str(arrays.pop("about"))), arrays
