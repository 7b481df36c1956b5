"""Every peer does the work that we do: the same losses from the same start."""

import json
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.measurement.peers import PEERS
from gradclinic.bench.measurement.peers.case import TOLERANCE, difference
from gradclinic.bench.measurement.peers.work import make_work
from gradclinic.bench.measurement.worker_process import WorkerProcess
from gradclinic.bench.studies.profile import ratios
from gradclinic.bench.studies.profile.cases import CASES, Case
from gradclinic.bench.studies.profile.readme import with_table
from gradclinic.bench.studies.profile.settings import ProfileSettings

ROOT = Path(__file__).parents[3]
# torch.compile calls a C++ compiler; torch and jax warn when they are imported.
LIGHT = [name for name in PEERS if name != "torch_compiled"]
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning"
)


@pytest.mark.parametrize("kind", ["step", "population", "predict"])
@pytest.mark.parametrize("outputs", [2, 5])
@pytest.mark.parametrize("name", LIGHT)
def test_a_peer_comes_to_our_losses(name, outputs, kind):
    module = PEERS[name]
    if kind not in module.PEER.kinds:
        pytest.skip("this peer does not do this kind of work")
    pytest.importorskip(module.PEER.package)
    networks = 3 if kind == "population" else 1
    sizes = (6, 8, 7, outputs)
    work = make_work(kind, sizes, 10, rows=40, networks=networks, threads=1)
    wanted = np.asarray(PEERS[ratios.OURS].prepare(work)(3))
    got = np.asarray(module.prepare(work)(3))
    assert difference(name, wanted, got) < TOLERANCE


@pytest.mark.parametrize("case", [c for c in CASES.values() if c.architecture])
@pytest.mark.parametrize("name", [n for n in LIGHT if PEERS[n].PEER.layered])
def test_a_peer_comes_to_our_losses_with_layers(name, case):
    module = PEERS[name]
    if case.kind not in module.PEER.kinds:
        pytest.skip("this peer does not do this kind of work")
    pytest.importorskip(module.PEER.package)
    shape = (case.kind, case.sizes, 4, 8, min(2, case.networks), 1, 0, 2)
    work = make_work(*shape, case.architecture)
    assert case.parameters == work.starts.shape[1] and case.flops > 0
    wanted = np.asarray(PEERS[ratios.OURS].prepare(work)(2))
    got = np.asarray(module.prepare(work)(2))
    assert np.isfinite(wanted).all() and difference(name, wanted, got) < TOLERANCE


def test_a_network_of_one_output_tells_two_classes_apart():
    """The populations measured on a GPU are such."""
    work = make_work("population", (2, 4, 1), 2, rows=8, networks=2, threads=1)
    assert work.net().loss == "binary_cross_entropy"
    loss, gradient = work.net().loss_and_grad(work.starts[0], work.x, work.y)
    assert set(work.y) == {0, 1} and loss > 0 and gradient.any()


def test_a_different_result_is_seen():
    assert difference("numpy_loop", [1.0, 0.5], [1.0, 0.51]) > TOLERANCE


def test_a_worker_answers_what_it_is_told_and_survives_an_error():
    work = {"peer": "numpy_loop", "kind": "step", "sizes": [4, 5, 3], "batch": 8}
    work |= {"rows": 16, "networks": 1, "threads": 1, "seed": 0}
    process = WorkerProcess("gradclinic.bench.measurement.peers.worker", work)
    commands = [["losses", 1], ["sample"], ["ready"], ["sample"]]
    losses, too_early, ready, sample = (process.ask(*each) for each in commands)
    process.close()
    assert len(losses["losses"]) == 3 and losses["compile_seconds"] >= 0
    assert "AttributeError" in too_early["reason"]
    assert ready["epochs"] >= 1 and sample["seconds"] > 0


def made(name, samples, reason=None, difference=1e-6):
    return {
        "reason": reason,
        "samples": samples,
        "compile_seconds": 0.5,
        "loss_difference": difference,
    }


def test_samples_of_all_processes_are_joined_and_a_failed_peer_is_shown(monkeypatch):
    rounds = iter(
        [
            {
                ratios.OURS: made("ours", [1.0] * 6),
                "jax_scan": made("jax", [3.0] * 6),
                "numpy_loop": made("numpy", [], "its results differ"),
            },
            {
                ratios.OURS: made("ours", [2.0] * 6),
                "jax_scan": made("jax", [6.0] * 6),
                "numpy_loop": made("numpy", [], "its results differ"),
            },
        ]
    )
    monkeypatch.setattr(ratios, "_one_round", lambda *_: next(rounds))
    settings = ProfileSettings(1, False, 12, 2, 0)
    entry = ratios.compare(CASES["64-64-10"], settings)
    jax, numpy = entry["rows"]
    assert jax["ratio"] == pytest.approx(3) and jax["verdict"] == "faster"
    assert (numpy["status"], numpy["reason"]) == ("failed", "its results differ")
    assert entry["best"] == {"JAX": "jax_scan"}


def test_a_peer_that_cannot_be_imported_is_left_out(monkeypatch):
    monkeypatch.setattr(type(PEERS["jax_scan"].PEER), "available", False)
    assert ratios.peers_for(CASES["64-64-10"]) == []


def test_work_of_a_case_is_counted():
    case = Case("", "step", (3, 4, 2), 10, 20)
    assert case.parameters == 4 * 4 + 5 * 2
    # Forward 20 multiply-adds a row; backward twice that, less 12 of the inputs.
    assert case.flops == 10 * 2 * (3 * 20 - 12)


def test_readme_shows_the_stored_result():
    content = json.loads((ROOT / "bench/results/cpu-peers.json").read_text())
    stored = {case["name"] for case in content["cases"]}
    dense = {name for name, case in CASES.items() if not case.architecture}
    assert content["machine"]["cpu"] and dense <= stored <= set(CASES)
    readme = (ROOT / "README.md").read_text()
    assert with_table(readme, content) == readme
