"""Updates beside torch's: the same ones, all of them, and what is said of each."""

import json

import numpy as np
import pytest
from gradclinic.bench.measurement.worker_process import answer
from gradclinic.bench.studies.parity.references import REFERENCES
from gradclinic.bench.studies.profile.settings import ProfileSettings
from gradclinic.bench.studies.profile.updates import beside_torch as updates
from gradclinic.bench.studies.profile.updates.libraries import LIBRARIES
from gradclinic.bench.studies.profile.updates.rules import RULES
from gradclinic.bench.studies.profile.updates.worker import UpdateWorker
from gradclinic.kernels import OPTIMIZERS

QUICK = ProfileSettings(threads=2, quick=True, samples=10, processes=1, seed=0)
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::UserWarning"
)


def a_worker(library):
    request = {"library": library, "threads": 2, "seed": 0}
    return UpdateWorker(request)


class Near:
    """A worker in this process, in the place of one in a process of its own."""

    def __init__(self, module, request):
        self.worker = UpdateWorker(request)

    def ask(self, *command):
        return answer(self.worker, *command)

    def close(self):
        pass


def ignore(*_):
    """A progress report that nobody reads."""


def test_every_optimizer_that_torch_has_is_compared():
    rows = [row for module in REFERENCES.values() for row in module]
    known = {r.optimizer for r in rows if r.source.startswith("torch.optim")}
    assert {name for name in known if name in OPTIMIZERS} == set(RULES)
    assert all(rule.name in OPTIMIZERS for rule in RULES.values())


def test_all_update_as_many_parameters_but_for_a_reason():
    for rule in RULES.values():
        assert rule.why or rule.shape == (10_000_000,)
        assert np.prod(rule.quick_shape) < np.prod(rule.shape)


@pytest.mark.parametrize("name", RULES)
def test_every_version_comes_to_our_parameters(name):
    pytest.importorskip("torch")
    rule = RULES[name]
    shape = [30, 40] if len(rule.shape) == 2 else [1000]
    task = a_worker("torch").task(name, shape)
    reached = []
    for kind in LIBRARIES.values():
        for version in kind.versions(rule):
            candidate = kind(task, version)
            for _ in range(rule.checked):
                candidate.update()
            reached.append(candidate.parameters())
    ours, *theirs = reached
    longest = np.abs(ours - task.start.ravel()).max()
    assert theirs and longest > 0
    assert all(updates.difference(ours, t, longest) <= rule.tolerance for t in theirs)


def test_a_process_makes_the_same_numbers_as_another():
    one, other = (a_worker(name).task("adam", [50]) for name in LIBRARIES)
    assert np.array_equal(one.start, other.start)
    assert np.array_equal(one.gradients, other.gradients)
    assert not np.array_equal(one.gradients[0], one.gradients[1])


@pytest.fixture
def small(monkeypatch):
    """Two rules on few parameters, in this process."""
    chosen = {name: RULES[name] for name in ("sgd", "rprop")}
    monkeypatch.setattr(updates, "RULES", chosen)
    monkeypatch.setattr(updates, "WorkerProcess", Near)
    monkeypatch.setattr(updates, "PAUSE", 0)
    monkeypatch.setattr(UpdateWorker, "task", few(UpdateWorker.task))
    name = "gradclinic.bench.studies.profile.updates.worker.SAMPLE_SECONDS"
    monkeypatch.setattr(name, 1e-5)


def few(task):
    return lambda self, name, shape: task(self, name, [64])


def test_rows_have_times_a_ratio_and_a_verdict(small):
    pytest.importorskip("torch")
    found = updates.measure(QUICK, ignore)
    assert found["reason"] is None and found["torch"]
    sgd, rprop = found["rows"]
    assert (sgd["version"], sgd["status"]) == ("fused", "ok")
    assert rprop["version"] in ("foreach", "for loop")
    for row in found["rows"]:
        assert row["ratio_low"] <= row["ratio"] <= row["ratio_high"]
        assert row["seconds"] > 0 and row["ours"]["seconds"] > 0
        assert row["verdict"] and row["difference"] <= row["tolerance"]
    assert json.loads(json.dumps(found)) == found


def test_another_result_is_not_timed(small, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(updates, "difference", lambda *_: 0.5)
    row, _ = updates.measure(QUICK, ignore)["rows"]
    assert row["status"] == "failed" and "ratio" not in row
    assert row["reason"] == "its parameters differ from ours by 5.0e-01: not timed"


def test_parameters_that_are_not_numbers_are_not_the_same(small, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(updates, "difference", lambda *_: float("nan"))
    row, _ = updates.measure(QUICK, ignore)["rows"]
    assert row["status"] == "failed" and row["difference"] is None


def test_an_error_in_a_library_is_its_reason(small, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(LIBRARIES["torch"], "update", lambda self: 1 / 0)
    row, _ = updates.measure(QUICK, ignore)["rows"]
    assert row["reason"] == "torch: ZeroDivisionError: division by zero"


def test_without_torch_there_are_no_rows_and_a_reason(monkeypatch):
    monkeypatch.setattr(updates, "find_spec", lambda name: None)
    found = updates.measure(QUICK, ignore)
    assert found["rows"] == [] and "gradclinic[peers]" in found["reason"]
