"""A piece of work on which libraries are compared."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .work import network_of

TOLERANCE = 2e-3  # relative, of the mean losses of three epochs in float32


@dataclass(frozen=True)
class Case:
    """kind: `step`, `population` or `predict`; rows: of its data, whole batches.

    architecture: as of `Work`; sizes are then (inputs, outputs).
    """

    name: str
    kind: str
    sizes: tuple[int, ...]
    batch: int
    rows: int
    networks: int = 1
    architecture: str = ""

    @property
    def label(self) -> str:
        if self.kind == "predict":
            return f"{self.name}, {self.rows:,} rows"
        return f"{self.name}, batch {self.batch}"

    @property
    def parameters(self) -> int:
        if self.architecture:
            return network_of(self.sizes, self.architecture).n_params
        layers = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        return sum((i + 1) * o for i, o in layers)

    @property
    def flops(self) -> int:
        """Of the matrix products of a step of one network, or of all predictions.

        A multiply-add counts as two. Backward costs twice the forward pass, less the
        gradient of the inputs, which nobody needs.
        """
        if self.architecture:
            nodes = network_of(self.sizes, self.architecture).nodes
            work = [node.plan.work for node in nodes if node.size]
            return 2 * self.batch * (3 * sum(work) - work[0])
        layers = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        forward = 2 * sum(i * o for i, o in layers)
        if self.kind == "predict":
            return self.rows * forward
        return self.batch * (3 * forward - 2 * self.sizes[0] * self.sizes[1])

    def request(self, peer: str, threads: int, seed: int) -> dict[str, Any]:
        """What a `peers.worker` is asked to make ready."""
        return {
            "peer": peer,
            "kind": self.kind,
            "sizes": self.sizes,
            "batch": self.batch,
            "rows": self.rows,
            "networks": self.networks,
            "threads": threads,
            "seed": seed,
            "architecture": self.architecture,
        }


def difference(name: str, wanted: Any, got: Any) -> float:
    """Largest difference of losses, or outputs, relative to the largest of ours."""
    wanted, got = np.asarray(wanted), np.asarray(got)
    if wanted.ndim == 2 and name == "scikit_learn":  # it gives probabilities
        wanted = np.exp(wanted - wanted.max(axis=1, keepdims=True))
        wanted = wanted / wanted.sum(axis=1, keepdims=True)
    return float(np.abs(got - wanted).max() / np.abs(wanted).max())
