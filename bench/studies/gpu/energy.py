"""The `energy` of a measurement: joules that a step takes."""

from ....kernels.cuda.jit import SIMULATED, cuda
from .kernels import layer_work
from .network_step import NetworkStep
from .nvml import Meter, consumed
from .settings import GpuSettings

# The meter moves some ten times a second.
SECONDS = 4.0


def measure(settings: GpuSettings, part) -> dict | None:
    """Of one network's steps, replayed for some seconds; None without a meter."""
    meter = Meter("" if SIMULATED else cuda.get_current_device().uuid)
    if meter.joules() is None:
        part.leave_out("energy: the driver gives none here.")
        return None
    step = NetworkStep(layer_work(settings))

    def epoch():
        step.replay()
        step.stream.synchronize()

    epochs, joules, seconds = consumed(meter, epoch, SECONDS)
    sizes = "-".join(map(str, settings.layer))
    return {
        "joules_per_step": joules / (epochs * step.per_epoch),
        "watts": joules / seconds,
        "network": f"{sizes}, batch {settings.layer_batch}",
    }
