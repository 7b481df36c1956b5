"""An optimizer in the study, and a hash of the source that defines it."""

from dataclasses import dataclass
from pathlib import Path

from ...kernels import OPTIMIZERS
from ...kernels.optimizer import Optimizer
from ...kernels.sources import SOURCES, hash_of


@dataclass(frozen=True)
class Entrant:
    """An optimizer under the name it has in the study.

    source: hash of the file that declares it and of what that imports; file: the user's
    file, None for those built in. What is stored of an entrant is run again only where
    its source, or the training loop, changed.
    """

    name: str
    optimizer: Optimizer
    source: str
    file: Path | None = None

    @property
    def evaluations_per_step(self) -> float:
        """Gradients of a mini-batch that a step takes."""
        every = getattr(self.optimizer, "sampled_every", 0)
        return self.optimizer.gradients + (1 / every if every else 0.0)


def registered(name: str) -> Entrant:
    """The entrant of a key of `OPTIMIZERS`."""
    path = SOURCES / "optimizers" / f"{name}.py"
    return Entrant(name, OPTIMIZERS[name], hash_of([path]))
