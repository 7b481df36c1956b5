"""Updates by both libraries: the same parameters first, then times, taken in turns."""

import time
from importlib.util import find_spec
from typing import Any

import numpy as np

from ....measurement.machine import package_version
from ....measurement.timing import MIN_SAMPLES, times
from ....measurement.worker_process import WorkerProcess
from ..ratios import beside
from ..settings import ProfileSettings
from .libraries import LIBRARIES
from .rules import RULES, Rule

OURS, THEIRS = "gradclinic", "torch"
# One more than a verdict needs, so that a disturbed sample need not prevent it.
SAMPLES = MIN_SAMPLES + 1
# s; the threads of both libraries were found asleep 5 ms after an update.
PAUSE = 0.01
Processes = dict[str, WorkerProcess]
_MODULE = "gradclinic.bench.studies.profile.updates.worker"
_MISSING = (
    "torch is not installed, so no update could be compared with its;"
    " pip install 'gradclinic[peers]' brings it"
)


def measure(settings: ProfileSettings, progress) -> dict[str, Any]:
    """The `updates` of a profile, see `schemas/profile.json`."""
    found = {"threads": settings.threads, "samples": SAMPLES, "rows": []}
    if find_spec("torch") is None:
        return {**found, "torch": None, "reason": _MISSING}
    request = {"threads": settings.threads, "seed": settings.seed}
    held = {n: WorkerProcess(_MODULE, {**request, "library": n}) for n in LIBRARIES}
    try:
        for done, rule in enumerate(RULES.values()):
            progress(done, len(RULES), f"Update beside torch's: {rule.name}")
            found["rows"].append(_row(rule, held, settings.quick))
    finally:
        for process in held.values():
            process.close()
    return {**found, "torch": package_version("torch"), "reason": None}


def _row(rule: Rule, held: Processes, quick: bool) -> dict[str, Any]:
    shape = list(rule.quick_shape if quick else rule.shape)
    row: dict[str, Any] = {
        "optimizer": rule.name,
        "torch": rule.torch,
        "shape": shape,
        "why": rule.why,
        "checked": rule.checked,
        "tolerance": rule.tolerance,
    }
    samples = {name: [] for name in held}
    checked = _checked(rule, shape, held)
    reason = checked.pop("reason") or _sampled(held, samples)
    if reason is not None:
        return {**row, **checked, "status": "failed", "reason": reason}
    return {
        **row,
        **checked,
        "status": "ok",
        "reason": None,
        "ours": times(samples[OURS]),
        **beside(samples[THEIRS], samples[OURS]),
    }


def _checked(rule: Rule, shape: list[int], held: Processes) -> dict[str, Any]:
    """{reason, version, difference}: do both come to the same parameters?"""
    answers = {name: held[name].ask("begin", rule.name, shape) for name in held}
    for name, answer in answers.items():
        if answer.get("reason"):
            return {"reason": f"{name}: {answer['reason']}"}
    ours, theirs = (answers[name]["parameters"] for name in (OURS, THEIRS))
    apart = difference(ours, theirs, answers[OURS]["longest"])
    agree = apart <= rule.tolerance
    reason = f"its parameters differ from ours by {apart:.1e}: not timed"
    return {
        "version": answers[THEIRS]["version"],
        "difference": apart if np.isfinite(apart) else None,
        "reason": None if agree else reason,
    }


def difference(ours: np.ndarray, theirs: np.ndarray, longest: float) -> float:
    """Largest difference of parameters, relative to the longest way that one went."""
    return float(np.abs(ours - theirs).max() / longest)


def _sampled(held: Processes, samples: dict[str, list[float]]) -> str | None:
    """Fill samples in turns; why there are none, or None.

    A pause before each lets the other library's threads go to sleep.
    """
    for command in ("ready", *["sample"] * SAMPLES):
        for name, process in held.items():
            time.sleep(PAUSE)
            answer = process.ask(command)
            if answer.get("reason"):
                return f"{name}: {answer['reason']}"
            if "seconds" in answer:
                samples[name].append(answer["seconds"])
    return None
