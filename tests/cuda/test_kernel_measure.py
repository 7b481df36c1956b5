"""A measurement of the smallest sizes has every part, on whatever device there is."""

import json
from dataclasses import replace

import pytest
from gradclinic.bench.studies.gpu import measure as study
from gradclinic.bench.studies.gpu import peers, target
from gradclinic.bench.studies.gpu.budget import Budget
from gradclinic.bench.studies.gpu.grid import GPU_ROWS
from gradclinic.bench.studies.gpu.settings import settings_for
from gradclinic.bench.studies.profile.cases import Case
from gradclinic.kernels.cuda.jit import KERNELS, SIMULATED
from gradclinic.kernels.device import DeviceError

# What a device computes without a word, NumPy warns of in the simulator.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning"),
    pytest.mark.exhaustive,
]
CPU_ROWS = ("cpu one thread", "cpu all threads", "BLAS")


@pytest.fixture(scope="module")
def content():
    # Whatever a first call compiles, here nothing may be cut off for want of time.
    said, kept = [], []
    settings = settings_for(threads=2, seconds=600, tiny=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(target, "SHARE", 1.0)  # reached at once
        found = study.measure(
            settings, said.append, lambda each: kept.append(json.dumps(each))
        )
    assert len(kept) > len(study.PARTS)  # after each, and within those of many things
    assert json.loads(kept[-1]) == json.loads(json.dumps(found, allow_nan=False))
    assert sum("measured in" in each for each in said) == len(study.PARTS)
    return found


def positive(samples):
    return len(samples) >= 1 and all(s > 0 for s in samples)


def test_nothing_fails(content):
    assert not [each for each in content["left_out"] if "failed" in each]
    assert content["schema"] == study.SCHEMA
    assert content["measured_on"]["simulated"] == SIMULATED


def test_grid(content):
    (entry,) = content["grid"]
    assert entry["network"] == "4-4-4-10"
    assert entry["parameters"] == 5 * 4 + 5 * 4 + 5 * 10
    assert set(entry["seconds"]) == {*CPU_ROWS, *GPU_ROWS}
    assert all(positive(samples) for samples in entry["seconds"].values())
    # Parameters, state, gradient and those before the last step, at least.
    assert entry["bytes_device"] > 5 * 4 * entry["parameters"]
    assert (entry["compile_seconds"] is None) == SIMULATED
    assert entry["steps_to_target"] == 1
    assert all(positive(entry["to_target"][row]) for row in ("cpu all threads", "gpu"))


def test_populations(content):
    (entry,) = content["populations"]
    assert entry["shared_memory"]
    assert all(positive(entry["seconds"][row]) for row in ("cpu all threads", "gpu"))


def test_kernels(content):
    names = [entry["name"] for entry in content["kernels"]]
    assert len(set(names)) == len(names)
    assert set(names) <= set(KERNELS)
    assert {"rows.gather", "losses.gradient", "update.adam"} <= set(names)
    for entry in content["kernels"]:
        assert positive(entry["seconds"])
        assert entry["bytes"] > 0
        assert SIMULATED or (entry["registers"] > 0 and 0 < entry["occupancy"] <= 1)


def test_products_updates_and_ceilings(content):
    (product,), updates = content["products"], content["updates"]
    assert positive(product["own"])
    speed = content["ceilings"]["own_flops_per_s"]
    assert speed == pytest.approx(2 * 8**3 / product["own"][0])
    assert content["ceilings"]["copy_bytes_per_s"] > 0
    assert [u["bytes"] // u["parameters"] for u in updates] == [28, 28, 20, 12]
    assert all(positive(update["seconds"]) for update in updates)


def test_a_peer_is_timed_or_says_why_not(monkeypatch):
    case = Case("2 x 2-4-1", "population", (2, 4, 1), 2, 4, 2)
    monkeypatch.setattr(peers, "CASES", {"tiny": case})
    settings = replace(settings_for(threads=1, tiny=True), peers=("tiny",))
    able = [n for n in peers.peers_for(case) if n in (peers.OURS, "torch_eager")]
    monkeypatch.setattr(peers, "peers_for", lambda case: able)
    part = Budget(60.0, {"peers": 1}).part("peers", {})
    found = {entry["name"]: entry for entry in peers.measure(settings, part)}
    assert positive(found["gradclinic"]["seconds"])
    assert found["gradclinic"]["networks"] == 2
    for name in able[1:]:
        label = peers.GPU_PEERS[name].PEER.label
        assert label in found or any(label in each for each in part.left_out)
    assert not [each for each in part.left_out if "gradclinic" in each]


def test_a_part_that_fails_costs_no_other(monkeypatch):
    settings = settings_for(threads=1, tiny=True)
    monkeypatch.setattr(study, "PARTS", {"memory": (1, {}), "nothing": (1, [])})
    found = study.measure(settings, lambda sentence: None)
    assert found["nothing"] == [] and found["memory"]["host_peak"] > 0
    (sentence,) = (each for each in found["left_out"] if "nothing" in each)
    assert "failed (ModuleNotFoundError" in sentence


def test_a_device_that_fails_ends_it_with_what_there_is(monkeypatch):
    from gradclinic.bench.studies.gpu import memory

    def fail(settings, part):
        raise DeviceError("The GPU is lost.")

    kept = []
    monkeypatch.setattr(study, "PARTS", {"memory": (1, {}), "energy": (1, None)})
    monkeypatch.setattr(memory, "measure", fail)
    with pytest.raises(DeviceError, match="is lost"):
        study.measure(settings_for(1, tiny=True), lambda sentence: None, kept.append)
    (content,) = kept
    assert "memory, and all parts behind it: The GPU is lost." in content["left_out"]
