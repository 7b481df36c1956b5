"""Peers against our kernels: the same losses first, then times, taken in turns.

Every peer lives in a process of its own and only one works at a time: thread pools of
several libraries in one process, and those that still spin after their last call, slow
down whoever comes next (PyTorch's step took 16 times as long with NumPy's BLAS beside
it). A pause before every sample lets the pool before it go to sleep.
"""

import time
from collections.abc import Iterable

import numpy as np

from ...measurement.peers import PEERS
from ...measurement.peers.case import TOLERANCE, Case, difference
from ...measurement.timing import MIN_SAMPLES, compared, times
from ...measurement.worker_process import WorkerProcess
from .settings import ProfileSettings

OURS = "gradclinic_kernels"
PAUSE = 0.04  # s; OpenBLAS's threads spin for about 20 ms
_MODULE = "gradclinic.bench.measurement.peers.worker"


def peers_for(case: Case) -> list[str]:
    """Names of the peers that are installed and can do the work, ours first."""
    able = [n for n, p in PEERS.items() if p.PEER.does(case)]
    return sorted(able, key=lambda name: name != OURS)


def compare(case: Case, settings: ProfileSettings) -> dict:
    """A case's entry in the content of a profile."""
    rounds = [
        _one_round(case, settings, -(-settings.samples // settings.processes))
        for _ in range(settings.processes)
    ]
    joined = {name: _joined(rounds, name) for name in rounds[0]}
    ours = joined.pop(OURS)
    samples, compiling = ours["samples"], ours["compile_seconds"]
    rows = [_row(name, found, samples) for name, found in joined.items()]
    return {
        "name": case.name,
        "label": case.label,
        "kind": case.kind,
        "sizes": list(case.sizes),
        "batch": case.batch,
        "networks": case.networks,
        "parameters": case.parameters,
        "flops": case.flops,
        "ours": {**(times(samples) or {}), "compile_seconds": compiling},
        "rows": rows,
        "best": _best(rows),
    }


def _one_round(case: Case, settings: ProfileSettings, samples: int) -> dict:
    """{peer: what it answered, with its samples} of fresh processes."""
    how = settings.threads, settings.seed
    processes = {
        name: WorkerProcess(_MODULE, case.request(name, *how))
        for name in peers_for(case)
    }
    try:
        found = {name: _checked(processes, name, case) for name in processes}
        ready = [name for name, answer in found.items() if answer["reason"] is None]
        for name in ready:
            found[name] |= processes[name].ask("ready")
        for _ in range(samples):
            for name in ready:
                time.sleep(PAUSE)
                answer = processes[name].ask("sample")
                if "seconds" in answer:
                    found[name]["samples"].append(answer["seconds"])
                else:
                    found[name] |= answer
        return found
    finally:
        for process in processes.values():
            process.close()


def _checked(processes: dict[str, WorkerProcess], name: str, case: Case) -> dict:
    """Does a peer come to our losses? With the time of its first call."""
    most = getattr(PEERS[name], "MOST_NETWORKS", 10**9)
    networks = min(most, case.networks)
    answer = {"reason": None, "samples": [], **processes[name].ask("losses", networks)}
    if name == OURS or answer["reason"]:
        return answer
    wanted = processes[OURS].ask("losses", networks)
    if "losses" not in wanted:
        return {**answer, "reason": f"our own run failed: {wanted['reason']}"}
    gap = difference(name, wanted["losses"], answer["losses"])
    if not gap <= TOLERANCE:
        answer["reason"] = f"its results differ from ours by {gap:.1e}: not timed"
    return {**answer, "loss_difference": gap}


def _joined(rounds: Iterable[dict], name: str) -> dict:
    """One peer's answers over all rounds; the first reason to fail stands."""
    answers = [found[name] for found in rounds]
    reasons = [answer["reason"] for answer in answers if answer["reason"]]
    compile_seconds = [a["compile_seconds"] for a in answers if "compile_seconds" in a]
    return {
        "reason": reasons[0] if reasons else None,
        "samples": [s for answer in answers for s in answer["samples"]],
        "loss_difference": max(
            (a["loss_difference"] for a in answers if "loss_difference" in a),
            default=None,
        ),
        "compile_seconds": float(np.median(compile_seconds))
        if compile_seconds
        else None,
    }


def _row(name: str, found: dict, ours: list[float]) -> dict:
    """A peer's row: times, ratio to ours with its interval, verdict."""
    row = {"peer": name, "status": "ok", "reason": None}
    row |= {key: found[key] for key in ("loss_difference", "compile_seconds")}
    samples, reason = found["samples"], found["reason"]
    if reason is None and min(len(samples), len(ours)) < MIN_SAMPLES:
        reason = f"only {len(samples)} samples were taken, {MIN_SAMPLES} are needed"
    if reason is not None:
        return {**row, "status": "failed", "reason": reason}
    return {**row, **beside(samples, ours)}


def beside(samples: list[float], ours: list[float]) -> dict:
    """Times of a row and their ratio to ours, with its interval and verdict."""
    found = compared(samples, ours) or {}
    ends = {f"ratio_{end}": found.pop(end) for end in ("low", "high")}
    return {**(times(samples) or {}), **found, **ends}


def _best(rows: list[dict]) -> dict:
    """{family: the fastest of its peers}."""
    best = {}
    for row in sorted(
        (r for r in rows if r["status"] == "ok"), key=lambda r: r["ratio"]
    ):
        best.setdefault(PEERS[row["peer"]].PEER.family, row["peer"])
    return best
