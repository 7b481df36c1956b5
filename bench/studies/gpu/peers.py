"""The `peers` of a measurement: other libraries' training on the GPU, and ours.

As in a profile: first the same losses, then seconds in turns, each library in a
process of its own. Whole calls are timed, which for ours includes copying the rows.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from ....kernels.device import DeviceError
from ...measurement.gpu_peers import GPU_PEERS
from ...measurement.gpu_peers.worker import GpuWorker
from ...measurement.peers.case import TOLERANCE, Case, difference
from ...measurement.worker_process import WorkerProcess, answer
from .processes import seconds_of
from .settings import GpuSettings

OURS, SLOWEST = "gradclinic_cuda", "torch_compiled"
# Seconds that any answer is waited for.
LEAST = 2.0
CASES = {
    case.name: case
    for case in (
        Case("64-64-10", "step", (64, 64, 10), 32, 1792),
        Case("784-512-512-10", "step", (784, 512, 512, 10), 128, 5120),
        Case("784-2048-2048-10", "step", (784, 2048, 2048, 10), 512, 8192),
        Case("64 x 2-32-32-1", "population", (2, 32, 32, 1), 32, 1024, 64),
        Case("1024 x 2-32-32-1", "population", (2, 32, 32, 1), 32, 1024, 1024),
    )
}
_MODULE = "gradclinic.bench.measurement.gpu_peers.worker"
# A library that took all of the device's memory would leave none for the next.
_AROUND = {"XLA_PYTHON_CLIENT_PREALLOCATE": "false"}


def measure(settings: GpuSettings, part) -> list[dict]:
    """An entry a peer and case: seconds a step, of one network."""
    if not settings.peers:
        part.leave_out("peers: PyTorch and JAX were not asked for.")
        return []
    missing = [p for p in ("torch", "jax") if find_spec(p) is None]
    if missing:
        part.leave_out(f"peers: {' and '.join(missing)} are not installed here.")
    named = [(name, CASES[name]) for name in settings.peers]
    for case in part.while_time(named):
        for entry in _compare(case, settings, part):
            part.add(entry)
    return part.found


def peers_for(case: Case) -> list[str]:
    """Names of the peers that can do the work here: ours first, the slowest to compile
    last.
    """
    able = [
        name
        for name, peer in GPU_PEERS.items()
        if peer.PEER.available and case.kind in peer.PEER.kinds
    ]
    return sorted(able, key=lambda name: (name != OURS, name == SLOWEST))


def _compare(case: Case, settings: GpuSettings, part) -> list[dict]:
    with _processes(case, settings) as processes:
        ready = _ready(processes, case, part)
        found = {name: [] for name in ready}
        for _ in range(settings.samples):
            for name in ready:
                answer = processes[name].ask("sample", seconds=_patience(part))
                found[name] += seconds_of(answer)
    return [
        {
            "network": "-".join(map(str, case.sizes)),
            "batch": case.batch,
            "networks": case.networks,
            "name": GPU_PEERS[name].PEER.label,
            "seconds": seconds,
        }
        for name, seconds in found.items()
    ]


def _patience(part) -> float:
    """Seconds to wait for an answer: half the time left, so that others have some."""
    return max(LEAST, part.left / 2)


class OwnProcess:
    """Ours in this process, where its kernels are compiled already."""

    def __init__(self, request: dict) -> None:
        self.worker = GpuWorker(request)

    def ask(self, command: str, *arguments, seconds=None) -> dict:
        """The answer to a command; {reason} where it fails, but for the GPU itself.

        seconds: as of `WorkerProcess`, but ours is waited for.
        """
        return answer(self.worker, command, *arguments, fatal=(DeviceError,))


@contextmanager
def _processes(case: Case, settings: GpuSettings) -> Iterator[dict]:
    with ExitStack() as stack:
        processes = {}
        for name in peers_for(case):
            request = case.request(name, settings.threads, settings.seed)
            if name == OURS:
                processes[name] = OwnProcess(request)
            else:
                around = {**os.environ, **_AROUND}
                processes[name] = WorkerProcess(_MODULE, request, around)
                stack.callback(processes[name].close)
        yield processes


def _ready(processes: dict, case: Case, part) -> list[str]:
    """Names of the peers that come to our losses and are warmed up."""
    ready, wanted = [], {}
    for name, process in processes.items():
        most = getattr(GPU_PEERS[name], "MOST_NETWORKS", case.networks)
        networks = min(most, case.networks)
        if networks not in wanted:
            wanted[networks] = processes[OURS].ask("losses", networks)
        answer = process.ask("losses", networks, seconds=_patience(part))
        ours = wanted[networks]
        reason = ours.get("reason") or answer.get("reason")
        if not reason:
            gap = difference(name, ours["losses"], answer["losses"])
            if not gap <= TOLERANCE:
                reason = f"its losses differ from ours by {gap:.1e}"
        if not reason:
            reason = process.ask("ready", seconds=_patience(part)).get("reason")
        if reason:
            label = GPU_PEERS[name].PEER.label
            part.leave_out(f"peers: {case.name}, {label}: {reason}")
        else:
            ready.append(name)
    return ready
