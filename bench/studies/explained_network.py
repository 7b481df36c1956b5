"""A network trained for a picture of what it has learnt."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...kernels import Network
from ..execution.data import split
from ..execution.explainer import Subject
from ..execution.training import trained


@dataclass(frozen=True)
class Shown:
    """A trained network, its parameters float[n_values], and the rows of its seed."""

    net: Network
    params: np.ndarray
    rows: Any

    def subject(self, x: np.ndarray, y: np.ndarray, seed: int = 0) -> Subject:
        """What explains it on rows x."""
        return Subject(self.net, self.params, x, y, seed)


def shown(trial, seed: int, **changes: Any) -> Shown:
    """The network of a trial on the rows of a seed, with fields of it changed."""
    asked = replace(trial, explanation=None, explanation_options=(), **changes)
    rows = split(asked.data, seed)
    net, (found,), _ = trained(asked, (seed,), [rows], 1)
    return Shown(net, found.params[0], rows)


def first_seed(evidence) -> int | None:
    """The first seed of a question's baseline, None where none was run."""
    return min(evidence.baseline, default=None)
