"""The `updates` of a measurement: an optimizer's step on very many parameters."""

import numpy as np

from ....kernels import OPTIMIZERS
from ....kernels.cuda import batch_place, update
from ....kernels.cuda.jit import cuda
from ....kernels.cuda.record import Recorded
from ....kernels.cuda.scalars import fill
from ....kernels.cuda.update import UPDATES, count_of
from ...measurement.ceilings import UPDATE_BYTES
from . import events
from .settings import GpuSettings


def measure(settings: GpuSettings, part) -> list[dict]:
    """Seconds of an update; bytes: what it must read and write."""
    stream = cuda.stream()
    for name in part.while_time((name, name) for name in UPDATE_BYTES):
        recorded = Recorded(launch(name, settings.parameters), stream)
        least = settings.sample_seconds
        seconds = events.samples(recorded.replay, stream, settings.samples, least, part)
        part.add(
            {
                "optimizer": name,
                "parameters": settings.parameters,
                "bytes": UPDATE_BYTES[name] * settings.parameters,
                "seconds": seconds,
            }
        )
    return part.found


def launch(name: str, size: int):
    """enqueue(stream) of an optimizer's update of so many parameters, as `Recorded`."""
    optimizer, kernel = OPTIMIZERS[name], UPDATES[name]
    state = optimizer.state_shape(size, np.empty((0, 3), np.int64))
    table = np.empty((1, count_of(optimizer)), np.float32)
    fill(table[None], optimizer, optimizer.hyper()[None], np.ones((1, 1)), 3)
    shapes = {"p": size, "g": size, "state": state, "norms": 1, "limits": update.LIMITS}
    arrays = {key: _filled(shape) for key, shape in shapes.items()}
    scalars = (
        cuda.to_device(table),
        cuda.to_device(np.zeros(batch_place.PLACES, np.int32)),
    )

    def enqueue(stream):
        kernel.launch(
            "float32",
            kernel.blocks(size),
            stream,
            arrays["p"],
            arrays["g"],
            arrays["state"],
            *scalars,
            arrays["norms"],
            arrays["limits"],
        )

    return enqueue


def _filled(shape):
    """An array of zeros on the device."""
    return cuda.to_device(np.zeros(shape, np.float32))
