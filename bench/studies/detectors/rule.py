"""A rule of another tool, read on the same runs as ours."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .watched_run import WatchedRun


@dataclass(frozen=True)
class PublishedRule:
    """maker: whose it is; detector: the trouble that it names; rule: one sentence, with
    its thresholds; source: where they stand. alarms: run -> bool[epochs], the epochs at
    which it speaks; once it spoke, it has named the trouble. remark: what differs here.
    """

    maker: str
    detector: str
    rule: str
    source: str
    alarms: Callable[[WatchedRun], np.ndarray]
    remark: str = ""

    def first_epoch(self, run: WatchedRun) -> int | None:
        """The first epoch at which it speaks, from 1; None where it never does."""
        with np.errstate(all="ignore"):
            spoken = np.flatnonzero(self.alarms(run))
        return int(spoken[0]) + 1 if spoken.size else None


def at_end(run: WatchedRun, alarm: bool) -> np.ndarray:
    """bool[epochs] of a rule that looks once, after the training."""
    found = np.zeros(run.epochs, dtype=bool)
    found[-1] = alarm
    return found


def ago(curve: np.ndarray, epochs: int) -> np.ndarray:
    """float[n]: the curve so many epochs earlier, NaN at its start."""
    return np.concatenate([np.full(min(epochs, len(curve)), np.nan), curve])[
        : len(curve)
    ]
