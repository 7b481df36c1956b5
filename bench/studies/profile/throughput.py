"""Rows a second against the width of the network and the size of the batch."""

from ...measurement.peers.case import Case
from .settings import ProfileSettings
from .training import stepper

WIDTHS, BATCHES = (16, 32, 64, 128, 256, 512, 1024, 2048), (32, 128, 512)


def measure(settings: ProfileSettings, progress) -> list[dict]:
    """The `throughput` of a profile: w-w-w-10, the shortest of three samples."""
    rows, widths = [], WIDTHS[:-1] if settings.quick else WIDTHS
    for done, width in enumerate(widths):
        progress(done, len(widths), f"Throughput: width {width}")
        for batch in BATCHES:
            case = Case("", "step", (width, width, width, 10), batch, 4 * batch)
            call = stepper(case, settings.seed, settings.threads)
            seconds = min(call() for _ in range(3))
            rows.append(
                {
                    "engine": "gradclinic",
                    "width": width,
                    "batch": batch,
                    "rows_per_second": batch / seconds,
                    "gflops": case.flops / seconds / 1e9,
                }
            )
    return rows
