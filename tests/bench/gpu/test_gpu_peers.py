"""The peers on a GPU do the work that ours does; here on a CPU, as far as that goes."""

import importlib.util
from dataclasses import replace
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from gradclinic.bench.measurement import gpu_peers
from gradclinic.bench.measurement.gpu_peers import GPU_PEERS, jax_scan, torch_training
from gradclinic.bench.measurement.peers.work import LR, make_work
from gradclinic.bench.studies.gpu import peers
from gradclinic.bench.studies.gpu.budget import Budget
from gradclinic.bench.studies.gpu.settings import settings_for
from gradclinic.kernels import train

# They are recorded or compiled for a GPU.
ONLY_THERE = ("gradclinic_cuda", "torch_compiled", "torch_graph")
HERE = [name for name in GPU_PEERS if name not in ONLY_THERE]


def needs(package):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"needs {package}: pip install 'gradclinic[peers]'")


@pytest.mark.parametrize("sizes", [(4, 8, 3), (4, 8, 1)], ids=["three", "two classes"])
@pytest.mark.parametrize("name", HERE)
def test_the_same_losses_as_ours(name, sizes, monkeypatch):
    peer = GPU_PEERS[name]
    needs(peer.PEER.package)
    monkeypatch.setattr(torch_training, "DEVICE", "cpu")
    for module in (jax_scan, GPU_PEERS["jax_vmap"]):
        monkeypatch.setattr(module, "check_gpu", lambda: None)
    kind = peer.PEER.kinds[-1]
    networks = 3 if kind == "population" else 1
    work = make_work(kind, sizes, 8, 32, networks, 1)
    ours = []
    for seed in range(networks):
        options = {"lr": LR, "batch_size": 8, "epochs": 3, "seed": seed}
        start = work.starts[seed].copy()
        history = train(work.net(), start, work.x, work.y, device="cpu", **options)
        ours.append(history.train_loss)
    found = peer.prepare(work)(3)
    np.testing.assert_allclose(found, np.mean(ours, axis=0), rtol=peers.TOLERANCE)


@pytest.mark.parametrize("name", [n for n in GPU_PEERS if n != "gradclinic_cuda"])
def test_without_a_gpu_a_peer_says_so(name):
    package = GPU_PEERS[name].PEER.package
    needs(package)
    module = importlib.import_module(package)
    seen = (
        module.cuda.is_available()
        if package == "torch"
        else module.default_backend() == "gpu"
    )
    if seen:
        pytest.skip("there is a GPU")
    kind = GPU_PEERS[name].PEER.kinds[0]
    work = make_work(kind, (4, 8, 3), 8, 32, 1, 1)
    with pytest.raises(RuntimeError, match="sees no GPU"):
        GPU_PEERS[name].prepare(work)


def test_every_case_has_ours_and_a_peer_of_each_library():
    for case in peers.CASES.values():
        able = [n for n, p in GPU_PEERS.items() if case.kind in p.PEER.kinds]
        families = {GPU_PEERS[name].PEER.family for name in able}
        assert families == {"gradclinic", "PyTorch", "JAX"}
        assert case.rows % case.batch == 0


def test_names_are_those_of_the_schema():
    labels = {peer.PEER.label for peer in GPU_PEERS.values()}
    assert labels == {
        "gradclinic",
        "PyTorch eager",
        "PyTorch CUDA graph",
        "PyTorch compiled",
        "JAX scan",
        "JAX vmap",
    }
    assert set(gpu_peers.NOT_PEERS).isdisjoint(GPU_PEERS)


class Late:
    """A peer's process that answers nothing; how long it was waited for is noted."""

    waited: ClassVar[list] = []

    def __init__(self, module, request, environment=None):
        self.name = request["peer"]

    def ask(self, command, *arguments, seconds=None):
        Late.waited.append((self.name, command, seconds))
        return {"reason": "it had no answer"}

    def close(self):
        pass


class Ours:
    def __init__(self, request):
        pass

    def ask(self, command, *arguments, seconds=None):
        if command == "losses":
            return {"losses": [1.0]}
        return {"seconds": 2.0} if command == "sample" else {}


def test_no_peer_is_waited_for_longer_than_half_the_time_left(monkeypatch):
    case = peers.CASES["784-512-512-10"]
    monkeypatch.setattr(peers, "WorkerProcess", Late)
    monkeypatch.setattr(peers, "OwnProcess", Ours)
    monkeypatch.setattr(Late, "waited", [])
    monkeypatch.setattr(peers, "find_spec", lambda name: name)
    able = ["jax_scan", "torch_compiled", "gradclinic_cuda", "torch_eager"]
    for name, peer in GPU_PEERS.items():
        there = SimpleNamespace(
            available=name in able, kinds=(case.kind,), label=name, package=name
        )
        monkeypatch.setattr(peer, "PEER", there)
    assert peers.peers_for(case)[0] == "gradclinic_cuda"
    assert peers.peers_for(case)[-1] == "torch_compiled"
    settings = replace(settings_for(threads=1, quick=True), peers=(case.name,))
    now = [0.0]
    part = Budget(40.0, {"peers": 1}, lambda: now[0]).part("peers", {})
    monkeypatch.setattr(Late, "ask", clocked(Late.ask, now))
    (entry,) = peers.measure(settings, part)
    assert entry["name"] == "gradclinic_cuda"
    assert len(entry["seconds"]) == settings.samples
    assert Late.waited == [
        ("jax_scan", "losses", 20.0),
        ("torch_eager", "losses", 10.0),
        ("torch_compiled", "losses", 5.0),
    ]
    assert len(part.left_out) == 3


def clocked(ask, now):
    """As `ask`, which takes all the time that it has."""

    def late(self, *command, seconds):
        now[0] += seconds
        return ask(self, *command, seconds=seconds)

    return late
