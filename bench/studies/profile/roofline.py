"""Measured ceilings, and how near the training steps come to them."""

from ...measurement.ceilings import blas_gflops, peak_gflops, triad_gb
from .cases import DENSE
from .settings import ProfileSettings
from .training import stepper


def measure(settings: ProfileSettings, progress) -> dict:
    """The `roofline` of a profile, on one thread and on all."""
    counts = (1, settings.threads)
    ceilings = {"peak_gflops": peak_gflops, "blas_gflops": blas_gflops}
    ceilings["triad_gb"] = triad_gb
    found = {}
    for done, (name, ceiling) in enumerate(ceilings.items()):
        progress(done, len(ceilings), "Ceilings of the machine")
        found[name] = [ceiling(count) for count in counts]
    points = []
    for case in DENSE:
        call = stepper(case, settings.seed, settings.threads)
        seconds = min(call() for _ in range(5))
        points.append(
            {
                "name": case.name,
                "label": case.label,
                "threads": settings.threads,
                "intensity": case.flops / traffic(case),
                "gflops": case.flops / seconds / 1e9,
            }
        )
    return {**found, "points": points}


def traffic(case) -> int:
    """Bytes that a step must move at least: Adam's 28 a parameter, and the rows."""
    return 28 * case.parameters + 4 * case.batch * case.sizes[0]
