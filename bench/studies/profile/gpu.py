"""The GPU beside the processor: of this machine, or one that was measured elsewhere."""

from typing import Any

from ....kernels.device import DeviceError, chosen_device
from ...progress import Report
from .settings import ProfileSettings

HOW = (
    "On a machine with one, run bench/gpu.sh, then here: gradclinic profile --import"
    " FILE.json"
)
# Seconds of a measurement on a GPU of this machine.
FULL, QUICK = 300.0, 60.0


def measure(
    settings: ProfileSettings, progress: Report, elsewhere: dict | None = None
) -> dict[str, Any]:
    """{measurement, reading, imported}, or {missing} where there is no GPU: a sentence.

    elsewhere: a measurement of another machine, in place of this one's.
    """
    from ..gpu.reading import reading

    if elsewhere is not None:
        from ..gpu.beside import beside

        found = beside(elsewhere, settings.threads, settings.seed, progress)
        read = reading(found, settings.seed)
        return {"imported": True, "measurement": found, "reading": read}
    try:
        chosen_device("cuda")
        found = _of_this_machine(settings, progress)
    except DeviceError as error:
        return {"missing": f"{str(error).rstrip('.')}. {HOW}"}
    read = reading(found, settings.seed)
    return {"imported": False, "measurement": found, "reading": read}


def _of_this_machine(settings: ProfileSettings, progress: Report) -> dict:
    from ..gpu.measure import PARTS
    from ..gpu.measure import measure as measure_gpu
    from ..gpu.settings import settings_for

    seconds, done = QUICK if settings.quick else FULL, iter(range(2 * len(PARTS)))
    chosen = settings_for(settings.threads, seconds, settings.quick, peers=False,
                          seed=settings.seed)  # fmt: skip
    return measure_gpu(
        chosen, lambda said: progress(next(done) // 2, len(PARTS), f"GPU: {said}")
    )
