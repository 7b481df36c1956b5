"""The learning curve of a fix that brings more rows, as a power law of their number."""

import numpy as np

from ..statistics.power_law import STEEPEST, law_intervals
from .evidence import metric_values

_SEED = 2017  # of the bootstrap: the same runs give the same interval


def law_content(dosage, rate):
    """The `law` of a dose, see `schemas/scenario.json`; None where there is none.

    dosage: the `Dosage` of a fix; rate: of the baseline's learning rate, or None, whose
    chosen runs are the smallest size. There is a law where every dose has its own
    number of rows, and the seeds of all sizes are the same.
    """
    sizes = _sizes(dosage, rate)
    if len(sizes) < 4:
        return None
    rows = sorted(sizes)
    seeds = sorted(set.intersection(*(set(runs) for runs in sizes.values())))
    errors = np.array([metric_values(sizes[n], seeds, dosage.metric) for n in rows]).T
    if len(seeds) < 2 or not (np.isfinite(errors).all() and (errors > 0).all()):
        return None
    multiples = np.array(rows) / rows[0]
    law, found = law_intervals(multiples, errors, np.random.default_rng(_SEED))
    return {
        "rows": rows,
        "seeds": len(seeds),
        "scale": law.scale,
        **{name: list(interval) for name, interval in found.items()},
        "told": bool(_is_told(found, multiples[-1])),
    }


def _sizes(dosage, rate):
    """{rows: runs by seed}; empty where the dose is not a number of rows."""
    if not dosage.tuned or dosage.metric.better != "lower":
        return {}
    by_rows = {_rows(runs): runs for runs in dosage.runs.values()}
    if len(by_rows) < len(dosage.runs):
        return {}
    if rate is not None and rate.tuned:
        first = rate.runs[rate.chosen]
        by_rows = {_rows(first): first} | by_rows
    return by_rows


def _rows(runs):
    return next(iter(runs.values())).trial["data"]["rows"]


def _is_told(found, largest):
    """Is the half reached within what was measured, by the whole interval?

    At its largest an exponent is a step: what more rows remove is then gone at once.
    """
    half, exponent = found["half"], found["exponent"]
    return half.high <= largest and exponent.value < STEEPEST
