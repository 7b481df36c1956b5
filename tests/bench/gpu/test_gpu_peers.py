"""The peers on a GPU do the work that ours does; here on a CPU, as far as that goes."""

import importlib.util

import numpy as np
import pytest
from gradclinic.bench.measurement import gpu_peers
from gradclinic.bench.measurement.gpu_peers import GPU_PEERS, jax_scan, torch_training
from gradclinic.bench.measurement.peers.work import LR, make_work
from gradclinic.bench.studies.gpu import peers
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
        "gradclinic", "PyTorch eager", "PyTorch CUDA graph", "PyTorch compiled",
        "JAX scan", "JAX vmap",
    }  # fmt: skip
    assert set(gpu_peers.NOT_PEERS).isdisjoint(GPU_PEERS)
