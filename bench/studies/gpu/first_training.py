"""A fresh process that trains a network twice on the GPU, and says what it took."""

from ...measurement.peers.work import make_work
from ...measurement.worker_process import serve
from .whole_training import whole


class FirstTraining:
    """A network trained in a fresh process on the GPU."""

    def __init__(self, request: dict) -> None:
        sizes, batch = request["sizes"], request["batch"]
        self.work = make_work("step", sizes, batch, 2 * batch, 1, 1, epochs=1)

    def seconds(self) -> dict:
        """The first training's less the second's.

        That is all that a first training waits for: beside compiling, the import of
        numba-cuda, the driver's context and the loading of cuBLAS.
        """
        first, later = (whole(self.work, 1)[1] for _ in range(2))
        return {"seconds": max(0.0, first - later)}


def main(descriptor: int) -> None:
    """Answer until the caller has gone."""
    serve(descriptor, FirstTraining)
