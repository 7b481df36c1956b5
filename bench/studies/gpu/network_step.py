"""One network on the device, its step recorded."""

from ....kernels.cuda.host import Host
from ....kernels.cuda.jit import cuda
from ....kernels.cuda.library import products
from ....kernels.cuda.space import Space
from ....kernels.cuda.steps import Steps
from ....kernels.job import first_of, prepare
from ...measurement.peers.work import LR
from .events import device_seconds


class NetworkStep:
    """What `train_on_device` makes of a `Work`: its steps can be replayed.

    library: what multiplies matrices, see `products`.
    """

    def __init__(self, work, library: str = "auto") -> None:
        net = work.net()
        job, hyper = prepare(
            net, work.x, work.y, None, "float32", "adam", work.batch, 1, {}, None
        )
        run = first_of(job.runs([0], work.starts[:1].copy(), [{**hyper, "lr": LR}]))
        self.stream = cuda.stream()
        self.space = Space(job, run, products(library))
        self.steps = Steps(self.space, job, self.stream)
        self.per_epoch = self.steps.launches.per_epoch
        host = Host(job, run, self.steps)
        host.prepare(0)
        host.send()
        self.replay()
        self.stream.synchronize()

    def replay(self) -> None:
        """Put the steps of an epoch on the stream."""
        self.begin()
        self.all_steps()

    def begin(self) -> None:
        """Go to the first batch."""
        self.steps.begin(0)

    def all_steps(self) -> None:
        """The steps alone."""
        for _ in range(self.per_epoch):
            self.steps.step.replay()

    def sample(self, least: float) -> float:
        """Seconds a step, of whole epochs that take at least so long; events."""
        seconds, epochs = 0.0, 0
        while seconds < least or not epochs:
            self.begin()
            seconds += device_seconds(self.all_steps, self.stream)
            epochs += 1
        return seconds / (epochs * self.per_epoch)

    def bytes(self) -> int:
        """Bytes of the arrays on the device."""
        sizes = {}
        for part in (self.space, self.steps.launches, self.space.products):
            for value in vars(part).values():
                for array in value if isinstance(value, list) else [value]:
                    if hasattr(array, "copy_to_host"):
                        sizes[id(array)] = int(array.size) * array.dtype.itemsize
        return sum(sizes.values())
