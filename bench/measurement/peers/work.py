"""The same work for every peer: network, data, start, and the order of rows."""

import math
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from .architectures import ARCHITECTURES

# A rate at which no loss grows: scikit-learn cuts off losses above 16 in float32.
LR, BETA1, BETA2, EPS = 1e-4, 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Peer:
    """A peer as it is shown.

    family: peers of one family compete for its best row. package: what to import, and
    distribution: what to install. kinds: the kinds of work it can do; layered: with
    networks of other than dense layers too.
    """

    label: str
    family: str
    package: str
    distribution: str
    kinds: tuple[str, ...] = ("step", "population", "predict")
    layered: bool = False

    def does(self, case: Any) -> bool:
        """Is it there, and can it do a `Case`?"""
        can = case.kind in self.kinds and (self.layered or not case.architecture)
        return can and self.available

    @property
    def available(self) -> bool:
        return find_spec(self.package) is not None


@dataclass(frozen=True)
class Work:
    """Training a ReLU network of `sizes` by Adam on class numbers, or predicting.

    architecture: a name of `architectures`, in the place of all sizes but inputs and
    outputs; empty for dense layers.
    kind: `step`, `population` or `predict`. x: float32[rows, i]; y: int64[rows];
    starts: float32[networks, n]; orders: int64[networks, epochs, rows], the order of
    the rows, used again from the first when a run is longer.
    """

    kind: str
    sizes: tuple[int, ...]
    batch: int
    threads: int
    x: np.ndarray
    y: np.ndarray
    starts: np.ndarray
    orders: np.ndarray
    architecture: str = ""

    @property
    def networks(self) -> int:
        return len(self.starts)

    @property
    def steps(self) -> int:
        """Steps an epoch, of all networks; passes over the rows, for predictions."""
        if self.kind == "predict":
            return 1
        return self.networks * (len(self.x) // self.batch)

    def net(self) -> Any:
        """Our network."""
        return network_of(self.sizes, self.architecture)

    def weights(self, network: int = 0) -> dict[str, np.ndarray]:
        """{name: array} of the parameters at the start, copied."""
        p = self.starts[network]
        return {
            name: p[start : start + math.prod(shape)].reshape(shape).copy()
            for name, start, shape in self.net().layout
        }

    def layers(self, network: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
        """(weights [i, o], bias [o]) of each layer at the start, copied."""
        found, start, p = [], 0, self.starts[network]
        for i, o in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            w, b = p[start : start + i * o], p[start + i * o : start + i * o + o]
            found.append((w.reshape(i, o).copy(), b.copy()))
            start += i * o + o
        return found


def network_of(sizes, architecture="") -> Any:
    """Our network of these sizes; with one output it tells two classes apart."""
    from ....kernels import mlp

    if architecture:
        return ARCHITECTURES[architecture].network()
    loss = "cross_entropy" if sizes[-1] > 1 else "binary_cross_entropy"
    return mlp(list(sizes), loss=loss)


def make_work(
    kind, sizes, batch, rows, networks, threads, seed=0, epochs=3, architecture=""
) -> Work:
    """Random data from a seed, our starts, and the orders in which `train` shuffles."""
    from ....kernels.philox import shuffle

    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, sizes[0])).astype(np.float32)
    # Learnable, so that losses move: the class is the largest of some inputs' sums,
    # or the sign of one.
    sums = x @ rng.standard_normal((sizes[0], sizes[-1]))
    y = sums.argmax(axis=1) if sizes[-1] > 1 else (sums[:, 0] > 0).astype(np.int64)
    net = network_of(sizes, architecture)
    starts = np.stack([net.init(seed + k) for k in range(networks)])
    orders = np.empty((networks, epochs, rows), dtype=np.int64)
    for k in range(networks):
        order = np.arange(rows)
        for epoch in range(epochs):
            if rows > batch:
                shuffle(order, epoch, np.uint32(seed + k), np.uint32(0))
            orders[k, epoch] = order
    shape = (kind, tuple(sizes), batch, threads)
    return Work(*shape, x, y, starts, orders, architecture)
