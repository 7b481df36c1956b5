"""Several networks as one population, against one after another: seconds a network."""

import numpy as np

from ..evidence import column
from .thread_counts import found_curves


def exhibit(evidence):
    """A plot of the time of a network's step by how many are trained at once."""
    found = found_curves(evidence, "networks", relative=False)
    alone = evidence.of("fix", "numba")
    if not found or not alone:
        return [], []
    ((label, (counts, seconds)),) = found.items()
    loop = float(np.median(column(alone, sorted(alone), "seconds_per_step")))
    return [], [
        {
            "title": "Networks at once: time of one network's step",
            "sentence": f"{label}; median over seeds. A loop trains one network after"
            " another on one thread; a population hands whole networks to the threads,"
            " in one call.",
            "kind": "line",
            "x_label": "networks trained at once",
            "y_label": "microseconds a network and step",
            "x_scale": "log",
            "y_scale": "log",
            "series": [
                {
                    "label": "one population",
                    "x": counts,
                    "y": (1e6 * np.median(seconds, axis=0)).tolist(),
                },
                {
                    "label": "one after another",
                    "x": counts,
                    "y": [1e6 * loop] * len(counts),
                },
            ],
            "verticals": [],
        }
    ]
