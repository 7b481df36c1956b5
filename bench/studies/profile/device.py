"""The GPU's part of a profile: measured here, imported, or missing with the reason."""

from typing import Any

from ....kernels.device import DeviceError
from ....kernels.driver import absence
from ..gpu.verdicts import judged
from .own_cpu import seconds_at
from .settings import ProfileSettings

# What to do where there is no GPU, behind the sentence that says why.
ELSEWHERE = (
    "To see one beside this CPU, run bench/gpu.sh on a machine that has one and give"
    " the file that it writes to: gradclinic profile --import FILE.json"
)


def measure(
    settings: ProfileSettings, with_peers: bool, imported: dict | None, progress
) -> tuple[dict | None, str | None]:
    """(`gpu` of a profile, the sentence on what is missing); one of them may be None.

    imported: a measurement that was made on another machine. It is put beside this
    machine's CPU, and what a GPU here could tell is not measured then.
    """
    if imported is not None:
        own_cpu, left_out = seconds_at(imported["grid"], settings, progress)
        found = judged(imported, own_cpu)
        found["left_out"] = [*found["left_out"], *left_out]
        return {**found, "imported": True}, None
    if reason := absence():
        return None, f"{reason.rstrip('.')}. {ELSEWHERE}"
    content, failure = _measured(settings, with_peers, progress)
    if not content:
        return None, failure
    return {**judged(content), "imported": False}, failure


def _measured(settings: ProfileSettings, with_peers: bool, progress):
    """(what was measured on the GPU here, why it is not whole)."""
    from ..gpu.measure import measure
    from ..gpu.settings import settings_for

    kept: dict[str, Any] = {}
    asked = settings_for(
        settings.threads, quick=settings.quick, peers=with_peers, seed=settings.seed
    )
    try:
        measure(asked, lambda said: progress(0, 1, f"GPU: {said}"), kept.update)
    except DeviceError as error:
        return kept, str(error)
    return kept, None
