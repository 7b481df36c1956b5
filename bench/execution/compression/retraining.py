"""How a network is trained on after training: as before, on the same rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....kernels import train
from ....scenarios import Trial
from ..network import options, training_seed
from ..starts import drawn

# Added to a seed: the further passes visit the rows in another order than the first.
_LATER = 500_009


@dataclass(frozen=True)
class Retraining:
    """A trial with its rows: what fine-tuning and distillation train with.

    rows: the split of `seed`; threads: of a training.
    """

    trial: Trial
    rows: Any
    seed: int
    threads: int

    def train(self, net, params, epochs, y=None, optimizer=None) -> None:
        """Train params, float[n_values] in place, on the processor.

        y: targets in the place of the rows' own; optimizer: None for the trial's.
        RuntimeError where it diverges.
        """
        if not epochs:
            return
        how = options(self.trial) | {"epochs": epochs, "patience": None}
        if optimizer is not None:
            how["optimizer"] = optimizer
        history = train(
            net,
            params,
            self.rows.x_seen,
            self.rows.y_seen if y is None else y,
            lr=self.trial.lr,
            seed=self.key,
            threads=self.threads,
            device="cpu",
            **how,
        )
        if history.status == "diverged":
            raise RuntimeError(f"training after compression diverged: {history.reason}")

    @property
    def key(self) -> int:
        """The seed of what is drawn after training."""
        return training_seed(self.trial, self.seed) + _LATER

    def start(self, net) -> np.ndarray:
        """float[n_values]: a start for another network, drawn as the trial's was."""
        return drawn(net, self.trial, self.key)
