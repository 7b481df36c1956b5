"""How many runs are still above their target after so many passes over the data."""

import numpy as np

from ..statistics import survival
from .evidence import column


def survival_curves(evidence, fixes):
    """{"baseline" or the name of a fix: {"at": [...], "share": [...]}}, or None.

    at: passes over the data; share: of the runs, those that have not yet reached the
    target. Only for a metric that runs can miss. fixes: verdict dicts.
    """
    if not evidence.scenario.metric.censored:
        return None
    conditions = {"baseline": evidence.baseline}
    conditions |= {fix["name"]: evidence.of(fix["role"], fix["name"]) for fix in fixes}
    curves = {}
    for name, runs in conditions.items():
        seeds = evidence.shared_seeds(runs)
        if seeds:
            at, share = survival(*_ends(evidence, runs, seeds))
            curves[name] = {"at": at.tolist(), "share": share.tolist()}
    return curves


def _ends(evidence, runs, seeds):
    """(ends, reached): when each run reached its target, or was last seen above it.

    A run that diverged never will reach it: it stays above as long as any run lasts.
    """
    passes = column(runs, seeds, evidence.scenario.metric.name)
    seen = column(runs, seeds, "epochs")
    longest = np.nanmax(seen)
    gone = np.array([runs[seed].status == "diverged" for seed in seeds])
    reached = np.isfinite(passes) & ~gone
    last = np.where(gone | ~np.isfinite(seen), longest, seen)
    return np.where(reached, passes, last), reached
