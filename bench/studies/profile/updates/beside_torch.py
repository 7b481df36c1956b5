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
    processes = {
        n: WorkerProcess(_MODULE, {**request, "library": n}) for n in LIBRARIES
    }
    try:
        for done, rule in enumerate(RULES.values()):
            progress(done, len(RULES), f"Update beside torch's: {rule.name}")
            found["rows"].append(_row(rule, processes, settings.quick))
    finally:
        for process in processes.values():
            process.close()
    return {**found, "torch": package_version("torch"), "reason": None}


def _row(rule: Rule, processes: Processes, quick: bool) -> dict[str, Any]:
    shape = list(rule.quick_shape if quick else rule.shape)
    row: dict[str, Any] = {
        "optimizer": rule.name,
        "torch": rule.torch,
        "shape": shape,
        "why": rule.why,
        "checked": rule.checked,
        "tolerance": rule.tolerance,
    }
    samples = {name: [] for name in processes}
    checked = _checked(rule, shape, processes)
    reason = checked.pop("reason") or _sampled(processes, samples)
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


def _checked(rule: Rule, shape: list[int], processes: Processes) -> dict[str, Any]:
    """{reason, version, difference}: do both come to the same parameters?"""
    answers = {n: each.ask("begin", rule.name, shape) for n, each in processes.items()}
    for name, answer in answers.items():
        if answer.get("reason"):
            return {"reason": f"{name}: {answer['reason']}"}
    ours, theirs = (answers[name]["parameters"] for name in (OURS, THEIRS))
    gap = difference(ours, theirs, answers[OURS]["longest"])
    agree = gap <= rule.tolerance
    reason = f"its parameters differ from ours by {gap:.1e}: not timed"
    return {
        "version": answers[THEIRS]["version"],
        "difference": gap if np.isfinite(gap) else None,
        "reason": None if agree else reason,
    }


def difference(ours: np.ndarray, theirs: np.ndarray, longest: float) -> float:
    """Largest difference of parameters, relative to the longest way that one went."""
    return float(np.abs(ours - theirs).max() / longest)


def _sampled(processes: Processes, samples: dict[str, list[float]]) -> str | None:
    """Fill samples in turns; why there are none, or None.

    A pause before each lets the other library's threads go to sleep.
    """
    for command in ("ready", *["sample"] * SAMPLES):
        for name, process in processes.items():
            time.sleep(PAUSE)
            answer = process.ask(command)
            if answer.get("reason"):
                return f"{name}: {answer['reason']}"
            if "seconds" in answer:
                samples[name].append(answer["seconds"])
    return None
