"""Peers and libraries that take turns: what each is asked, and what is made of it.

No process is started: each answers from a table, at a known speed.
"""

import json
import sys
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from gradclinic.bench.measurement.timing import MIN_SAMPLES, ratio_interval
from gradclinic.bench.studies.parity.torch_steps import torch_options
from gradclinic.bench.studies.profile import ratios
from gradclinic.bench.studies.profile.cases import Case
from gradclinic.bench.studies.profile.settings import ProfileSettings
from gradclinic.bench.studies.profile.updates import beside_torch, worker
from gradclinic.bench.studies.profile.updates.libraries import LIBRARIES, UpdateTask
from gradclinic.bench.studies.profile.updates.rules import RULES, Rule
from gradclinic.kernels import OPTIMIZERS

SETTINGS = ProfileSettings(threads=3, quick=False, samples=21, processes=2, seed=7)
CASE = Case("a case", "step", (5, 4, 3), 8, 24, 2)
LOSSES = [4.0, 2.0, 1.0]


class Turns:
    """In the place of `WorkerProcess`: they answer and note in which order."""

    def __init__(self, answers):
        self.answers, self.started, self.asked, self.closed = answers, [], [], []

    def __call__(self, module, request):
        self.started.append((module, request))
        name = request.get("peer") or request["library"]
        return SimpleNamespace(
            ask=lambda *command: self.ask(name, *command),
            close=lambda: self.closed.append(name),
        )

    def ask(self, name, *command):
        self.asked.append((name, *command))
        answer = self.answers[name][command[0]]
        return dict(answer(*command[1:]) if callable(answer) else answer)


def a_peer(losses=LOSSES, compile_seconds=1.5, seconds=0.5, **more):
    """Answers of a peer; seconds: a number, or an iterator over samples."""
    found = {"losses": losses, "compile_seconds": compile_seconds}
    sample = (
        (lambda: {"seconds": next(seconds)})
        if hasattr(seconds, "send")
        else {"seconds": seconds}
    )
    return {"losses": found, "ready": {}, "sample": sample} | more


@pytest.fixture
def peers(monkeypatch):
    """Three peers of two families; a function of what they answer."""

    def give(answers):
        turns = Turns(answers)
        kinds = {
            "slow_one": ("A", ("step",)),
            "fast_one": ("A", ("step", "predict")),
            "other": ("B", ("step",)),
            "cannot": ("B", ("predict",)),
            "absent": ("B", ("step",)),
            ratios.OURS: ("ours", ("step",)),
        }
        known = {
            name: SimpleNamespace(
                PEER=SimpleNamespace(
                    does=lambda case, name=name, kind=kind: (
                        name != "absent" and case.kind in kind
                    ),
                    family=family,
                )
            )
            for name, (family, kind) in kinds.items()
        }
        known["other"].MOST_NETWORKS = 1
        monkeypatch.setattr(ratios, "PEERS", known)
        monkeypatch.setattr(ratios, "WorkerProcess", turns)
        monkeypatch.setattr(
            ratios.time, "sleep", lambda s: turns.asked.append(("pause", s))
        )
        return turns

    return give


def all_peers(**changed):
    rng = np.random.default_rng(0)
    every = {
        ratios.OURS: a_peer(seconds=(s for s in rng.uniform(1, 2, 99))),
        "slow_one": a_peer(seconds=(s for s in rng.uniform(3, 4, 99))),
        "fast_one": a_peer(seconds=(s for s in rng.uniform(0.5, 0.6, 99))),
        "other": a_peer(seconds=(s for s in rng.uniform(1, 2, 99))),
    }
    return every | changed


def test_peers_that_are_there_and_able_take_part_ours_first(peers):
    peers({})
    names = ratios.peers_for(CASE)
    assert names == [ratios.OURS, "slow_one", "fast_one", "other"]
    predict = Case("p", "predict", (5, 4, 3), 8, 24)
    assert set(ratios.peers_for(predict)) == {"fast_one", "cannot"}


def test_each_round_is_of_fresh_processes_that_take_turns(peers):
    turns = peers(all_peers())
    ratios.compare(CASE, SETTINGS)
    names = ratios.peers_for(CASE)
    assert [request["peer"] for _, request in turns.started] == 2 * names
    assert turns.closed == 2 * names
    for module, request in turns.started:
        assert module == "gradclinic.bench.measurement.peers.worker"
        assert {k: v for k, v in request.items() if k != "peer"} == {
            "kind": "step",
            "sizes": (5, 4, 3),
            "batch": 8,
            "rows": 24,
            "networks": 2,
            "threads": 3,
            "seed": 7,
            "architecture": "",
        }
    # 21 samples over two rounds: 11 in each, a pause before every one.
    half = turns.asked[: len(turns.asked) // 2]
    sampled = [step for step in half if step[0] == "pause" or step[1] == "sample"]
    one_turn = [
        x for name in names for x in (("pause", ratios.PAUSE), (name, "sample"))
    ]
    assert sampled == 11 * one_turn
    assert [s for s in half if s[1] == "ready"] == [(name, "ready") for name in names]
    losses = [s for s in half if s[1] == "losses"]
    assert losses == [
        (ratios.OURS, "losses", 2),
        ("slow_one", "losses", 2),
        (ratios.OURS, "losses", 2),
        ("fast_one", "losses", 2),
        (ratios.OURS, "losses", 2),
        ("other", "losses", 1),
        (ratios.OURS, "losses", 1),
    ]


def test_the_entry_of_a_case_holds_times_ratios_and_the_best(peers):
    answers = all_peers()
    drawn = {name: [] for name in answers}
    for name, answer in answers.items():
        sample = answer["sample"]

        def noting(sample=sample, name=name):
            found = sample()
            drawn[name].append(found["seconds"])
            return found

        answer["sample"] = noting
    peers(answers)
    found = ratios.compare(CASE, SETTINGS)
    rows = {row["peer"]: row for row in found.pop("rows")}
    ours = np.array(drawn.pop(ratios.OURS))
    low, median, high = np.quantile(ours, [0.25, 0.5, 0.75])
    quartiles = {"low": low, "seconds": median, "high": high}
    assert found == {
        "name": "a case",
        "label": CASE.label,
        "kind": "step",
        "sizes": [5, 4, 3],
        "batch": 8,
        "networks": 2,
        "parameters": CASE.parameters,
        "flops": CASE.flops,
        "ours": quartiles | {"samples": 22, "compile_seconds": 1.5},
        "best": {"A": "fast_one", "B": "other"},
    }
    assert list(rows) == ["slow_one", "fast_one", "other"]
    for name, row in rows.items():
        ratio = ratio_interval(np.array(drawn[name]), ours)
        median = np.median(drawn[name])
        assert row["status"] == "ok" and row["reason"] is None
        assert (row["loss_difference"], row["compile_seconds"]) == (0.0, 1.5)
        assert row["seconds"] == median and row["low"] < median < row["high"]
        assert row["samples"] == len(drawn[name]) == 22
        assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (
            ratio.speedup,
            ratio.low,
            ratio.high,
        )
        assert (row["p"], row["verdict"]) == (ratio.p, ratio.verdict)
    verdicts = [row["verdict"] for row in rows.values()]
    assert verdicts == ["faster", "slower", "no difference shown"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            a_peer([4.0, 2.0, 1.01]),
            "its results differ from ours by 2.5e-03: not timed",
        ),
        (
            a_peer([4.0, 2.0, float("nan")]),
            "its results differ from ours by nan: not timed",
        ),
        (a_peer() | {"losses": {"reason": "It broke."}}, "It broke."),
        (a_peer(sample={"reason": "It broke."}), "It broke."),
    ],
    ids=["other losses", "no numbers", "fails", "fails in a sample"],
)
def test_a_peer_that_fails_is_a_row_with_its_reason(peers, answer, reason):
    turns = peers(all_peers(slow_one=answer))
    rows = {row["peer"]: row for row in ratios.compare(CASE, SETTINGS)["rows"]}
    assert rows["slow_one"]["status"] == "failed"
    assert rows["slow_one"]["reason"] == reason and "ratio" not in rows["slow_one"]
    assert rows["fast_one"]["status"] == rows["other"]["status"] == "ok"
    if "not timed" in reason:
        assert ("slow_one", "sample") not in turns.asked


@pytest.mark.parametrize("last", [1.0, 1.0079])
def test_losses_may_differ_by_the_tolerance(peers, last):
    peers(all_peers(slow_one=a_peer([4.0, 2.0, last], seconds=3.0)))
    row = ratios.compare(CASE, SETTINGS)["rows"][0]
    assert row["status"] == "ok"
    assert row["loss_difference"] == pytest.approx((last - 1) / 4)


def test_a_failure_of_ours_is_told_as_such(peers):
    ours = a_peer() | {"losses": {"reason": "No memory."}}
    peers(all_peers(**{ratios.OURS: ours}))
    names = ratios.peers_for(CASE)
    processes = {name: ratios.WorkerProcess("m", {"peer": name}) for name in names}
    checked = ratios._checked(processes, "slow_one", CASE)
    assert checked["reason"] == "our own run failed: No memory."


def test_too_few_samples_are_no_comparison():
    few = {
        "samples": [1.0] * 9,
        "reason": None,
        "loss_difference": 0.0,
        "compile_seconds": None,
    }
    for found, ours in ((few, [1.0] * 21), (few | {"samples": [1.0] * 21}, [1.0] * 9)):
        row = ratios._row("p", found, ours)
        assert row["status"] == "failed"
        assert row["reason"].endswith(f"{MIN_SAMPLES} are needed")
    enough = few | {"samples": [1.0] * 10}
    assert ratios._row("p", enough, [1.0] * 10)["status"] == "ok"


def test_rounds_are_joined(peers):
    rounds = [
        {
            "p": {
                "reason": None,
                "samples": [1.0],
                "loss_difference": 0.2,
                "compile_seconds": 4.0,
            }
        },
        {
            "p": {
                "reason": "First.",
                "samples": [2.0, 3.0],
                "loss_difference": 0.1,
                "compile_seconds": 1.0,
            }
        },
        {"p": {"reason": "Second.", "samples": [], "compile_seconds": 2.0}},
    ]
    assert ratios._joined(rounds, "p") == {
        "reason": "First.",
        "samples": [1.0, 2.0, 3.0],
        "loss_difference": 0.2,
        "compile_seconds": 2.0,
    }
    bare = [{"p": {"reason": None, "samples": []}}]
    assert ratios._joined(bare, "p") == {
        "reason": None,
        "samples": [],
        "loss_difference": None,
        "compile_seconds": None,
    }


def test_outputs_of_scikit_learn_are_probabilities():
    wanted = np.array([[0.0, np.log(3.0)], [5.0, 5.0]])
    got = np.array([[0.25, 0.75], [0.5, 0.5]])
    assert ratios.difference("scikit_learn", wanted, got) == pytest.approx(0)
    assert ratios.difference("torch_eager", wanted, got) == pytest.approx(0.9)
    assert ratios.difference("scikit_learn", wanted[0], got[0]) > 0.1


@pytest.fixture
def libraries(monkeypatch):
    """Updates of two rules by processes that answer from a table."""
    rules = {name: RULES[name] for name in ("sgd", "adafactor")}
    monkeypatch.setattr(beside_torch, "RULES", rules)
    monkeypatch.setattr(beside_torch, "find_spec", lambda name: name == "torch")
    monkeypatch.setattr(beside_torch, "package_version", lambda name: f"{name} 9.9")

    def give(theirs=0.0, **changed):
        def began(name, off):
            parameters = np.array([1.0, 2.0 + off], np.float32)
            return {"version": f"{name}'s", "parameters": parameters, "longest": 4.0}

        answers = {
            name: {
                "begin": began(name, off),
                "ready": {"loops": 3},
                "sample": {"seconds": seconds},
            }
            for name, off, seconds in (("gradclinic", 0.0, 1.0), ("torch", theirs, 2.0))
        }
        for name, change in changed.items():
            answers[name] |= change
        turns = Turns(answers)
        monkeypatch.setattr(beside_torch, "WorkerProcess", turns)
        monkeypatch.setattr(
            beside_torch.time, "sleep", lambda s: turns.asked.append(("pause", s))
        )
        return turns

    return give


@pytest.mark.parametrize("quick", [False, True])
def test_both_libraries_begin_then_take_turns(libraries, quick):
    turns, said = libraries(), []
    settings = ProfileSettings(3, quick, 21, 2, 7)
    found = beside_torch.measure(settings, lambda *what: said.append(what))
    assert [what[:2] for what in said] == [(0, 2), (1, 2)] and "adafactor" in said[1][2]
    assert (found["torch"], found["reason"]) == ("torch 9.9", None)
    assert (found["threads"], found["samples"]) == (3, MIN_SAMPLES + 1)
    names = ["gradclinic", "torch"]
    assert turns.closed == names
    module = "gradclinic.bench.studies.profile.updates.worker"
    assert turns.started == [
        (module, {"threads": 3, "seed": 7, "library": name}) for name in names
    ]
    one = [x for n in names for x in (("pause", beside_torch.PAUSE), (n, "sample"))]
    ready = [x for n in names for x in (("pause", beside_torch.PAUSE), (n, "ready"))]
    expected = []
    for rule in (RULES["sgd"], RULES["adafactor"]):
        shape = list(rule.quick_shape if quick else rule.shape)
        expected += [(name, "begin", rule.name, shape) for name in names]
        expected += [*ready, *(MIN_SAMPLES + 1) * one]
    assert turns.asked == expected
    for row, rule in zip(
        found["rows"], (RULES["sgd"], RULES["adafactor"]), strict=True
    ):
        assert row["shape"] == list(rule.quick_shape if quick else rule.shape)
        assert (row["optimizer"], row["torch"]) == (rule.name, rule.torch)
        assert (row["why"], row["checked"]) == (rule.why, rule.checked)
        assert (row["status"], row["reason"], row["difference"]) == ("ok", None, 0.0)
        assert row["tolerance"] == rule.tolerance and row["version"] == "torch's"
        assert row["seconds"] == row["low"] == row["high"] == 2.0
        samples = MIN_SAMPLES + 1
        ours = {"seconds": 1.0, "low": 1.0, "high": 1.0, "samples": samples}
        assert row["ours"] == ours and row["samples"] == samples
        for key in ("ratio", "ratio_low", "ratio_high"):
            assert row[key] == pytest.approx(2.0)
        assert row["verdict"] == "faster" and row["p"] < 0.002
        assert "parameters" not in row


@pytest.mark.parametrize(
    ("off", "reason"),
    [
        (0.0039, None),
        (0.0041, "its parameters differ from ours by 1.0e-03: not timed"),
        (float("nan"), "its parameters differ from ours by nan: not timed"),
    ],
)
def test_updates_are_timed_only_where_the_parameters_agree(libraries, off, reason):
    """The longest way was 4, so 0.004 is the tolerance of 1e-3."""
    turns = libraries(off)
    row = beside_torch.measure(SETTINGS, lambda *_: None)["rows"][0]
    assert (row["status"], row["reason"]) == ("failed" if reason else "ok", reason)
    assert (("torch", "sample") in turns.asked) == (reason is None)
    if np.isnan(off):
        assert row["difference"] is None
    else:
        assert row["difference"] == pytest.approx(off / 4, rel=1e-3)


@pytest.mark.parametrize("name", ["gradclinic", "torch"])
@pytest.mark.parametrize("command", ["begin", "ready", "sample"])
def test_an_error_anywhere_is_the_reason_of_its_row(libraries, name, command):
    libraries(**{name: {command: {"reason": "It broke."}}})
    for row in beside_torch.measure(SETTINGS, lambda *_: None)["rows"]:
        assert (row["status"], row["reason"]) == ("failed", f"{name}: It broke.")
        assert "ratio" not in row


def test_processes_are_closed_whatever_happens(libraries):
    turns = libraries()

    def interrupted(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        beside_torch.measure(SETTINGS, interrupted)
    assert turns.closed == ["gradclinic", "torch"]


class Library:
    """Two versions of an update; the second is the faster one."""

    made: ClassVar = []

    def __init__(self, task, version):
        self.task, self.version, self.updates = task, version, 0
        Library.made.append(self)

    @staticmethod
    def versions(rule):
        return ("slow", "fast", "slowest")

    def update(self):
        self.updates += 1

    def parameters(self):
        far = {"slow": 1.0, "fast": 2.0, "slowest": 3.0}[self.version]
        return self.task.start.ravel() + np.float32(far * self.updates)


@pytest.fixture
def at_work(monkeypatch):
    """(a worker, the loops of each timing); an update of the fast version takes 3 ms.

    The first update of each version takes a second: it makes the state.
    """
    loops, seconds = [], {"slow": 0.005, "fast": 0.003, "slowest": 0.006}

    def timed(update, count):
        loops.append(count)
        for _ in range(count):
            update()
        library = update.__self__
        return 1.0 if library.updates == 1 else seconds[library.version] * count

    monkeypatch.setattr(Library, "made", [])
    monkeypatch.setattr(worker, "timed", timed)
    monkeypatch.setattr(worker, "LIBRARIES", {"mine": Library})
    request = {"library": "mine", "threads": 3, "seed": 7}
    return worker.UpdateWorker(request), loops


def test_a_worker_stays_with_the_fastest_version(at_work):
    working, loops = at_work
    found = working.begin("adam", [4])
    assert [made.version for made in Library.made] == ["slow", "fast", "slowest"]
    assert {made.updates for made in Library.made} == {RULES["adam"].checked}
    parameters, start = found.pop("parameters"), Library.made[0].task.start
    longest = pytest.approx(2.0 * RULES["adam"].checked)
    assert found == {"version": "fast", "longest": longest}
    assert (parameters.shape, parameters.dtype) == ((4,), np.float32)
    np.testing.assert_allclose(parameters, start + 6, rtol=1e-6)
    # 20 ms of a sample are 7 updates of 3 ms.
    assert working.ready() == {"loops": 7} and loops[-1] == 7
    assert working.sample() == {"seconds": pytest.approx(0.003)} and loops[-1] == 7
    assert Library.made[1].updates == RULES["adam"].checked + 14


def test_a_worker_makes_the_same_numbers_for_every_rule(at_work):
    working, _ = at_work
    large, small = working.task("muon", [30, 40]), working.task("sgd", [50])
    assert (large.rule, small.rule) == (RULES["muon"], RULES["sgd"])
    assert large.threads == small.threads == 3
    assert large.start.shape == (30, 40) and small.start.shape == (50,)
    assert len(large.gradients) == len(small.gradients) == worker.GRADIENTS > 1
    np.testing.assert_array_equal(large.start.ravel()[:50], small.start)
    for ours, theirs in zip(large.gradients, small.gradients, strict=True):
        assert ours.shape == (30, 40)
        np.testing.assert_array_equal(ours.ravel()[:50], theirs)
    assert large.start.std() == pytest.approx(0.1, rel=0.1)
    for gradient in large.gradients:
        assert gradient.std() == pytest.approx(0.01, rel=0.1)
        assert gradient.dtype == np.float32
    other = worker.UpdateWorker({"library": "mine", "threads": 1, "seed": 8})
    assert not np.array_equal(other.task("sgd", [50]).start, small.start)


@pytest.mark.parametrize("name", ["adam", "adafactor", "muon"])
def test_our_update_is_called_as_users_call_it(monkeypatch, name):
    """On one flat array that is aligned, with the layout of a matrix."""
    rule, shape = RULES[name], (30, 40) if len(RULES[name].shape) == 2 else (1200,)
    rng = np.random.default_rng(0)
    start, *gradients = rng.normal(size=(4, *shape)).astype(np.float32)
    made = LIBRARIES["gradclinic"](UpdateTask(rule, start, gradients, 2), "gradclinic")
    optimizer, calls = OPTIMIZERS[name], []
    layout = np.array([[0, 30, 40]]) if len(shape) == 2 else np.empty((0, 3), int)
    params = start.ravel().copy()
    state = np.zeros(optimizer.state_shape(params.size, layout), np.float32)
    real = type(optimizer).update

    def noting(self, *arrays, **how):
        calls.append(how)
        return real(self, *arrays, **how)

    monkeypatch.setattr(type(optimizer), "update", noting)
    for step in range(1, 6):
        made.update()
        assert calls[-1]["threads"] == 2 and calls[-1]["step"] == step
        gradient = gradients[(step - 1) % 3].ravel()
        optimizer.update(params, gradient, state, step=step, layout=layout)
        np.testing.assert_allclose(made.parameters(), params, rtol=1e-5, atol=1e-7)
    assert made.params.ctypes.data % 64 == 0 and made.params.shape == (1200,)
    assert made.versions(rule) == ("gradclinic",)


@pytest.mark.parametrize("name", RULES)
def test_the_versions_of_torch_that_may_be_the_fastest(name):
    rule = RULES[name]
    versions = LIBRARIES["torch"].versions(rule)
    if rule.torch in ("SGD", "Adagrad", "Adam", "AdamW"):
        assert versions == ("fused",)
    else:
        foreach = () if rule.torch == "Muon" else ("foreach",)
        assert versions == (*foreach, "for loop")


class Tensor:
    """What is used of a tensor of torch."""

    def __init__(self, values):
        assert values.flags.c_contiguous
        self.values, self.grad, self.cloned, self.grown = values, None, False, False

    def clone(self):
        found = Tensor(self.values.copy())
        found.cloned = True
        return found

    def requires_grad_(self):
        self.grown = True
        return self

    def detach(self):
        return self

    def numpy(self):
        return self.values


class Descent:
    """An optimizer of torch: p <- p - grad; its options are noted."""

    def __init__(self, parameters, **options):
        (self.tensor,), self.options = parameters, options

    def step(self):
        self.tensor.values -= self.tensor.grad.values


@pytest.fixture
def torch(monkeypatch):
    """A torch whose optimizers all descend; how many threads it was given."""
    found = ModuleType("torch")
    found.from_numpy, found.threads = Tensor, []
    found.set_num_threads = found.threads.append
    classes = {rule.torch for rule in RULES.values()}
    found.optim = SimpleNamespace(
        **{name: type(name, (Descent,), {}) for name in classes}
    )
    monkeypatch.setitem(sys.modules, "torch", found)
    return found


@pytest.mark.parametrize(
    ("name", "version", "asked"),
    [
        ("adam", "fused", {"fused": True}),
        ("nesterov", "fused", {"fused": True}),
        ("rprop", "foreach", {"foreach": True}),
        ("rmsprop_centered", "for loop", {"foreach": False}),
        ("muon", "for loop", {}),
    ],
)
def test_an_update_of_torch_is_by_the_version_that_is_asked(
    torch, name, version, asked
):
    rule, shape = RULES[name], (3, 4) if name == "muon" else (12,)
    rng = np.random.default_rng(0)
    start, *gradients = rng.normal(size=(3, *shape)).astype(np.float32)
    made = LIBRARIES["torch"](UpdateTask(rule, start, gradients, 5), version)
    assert torch.threads == [5]
    assert type(made.optimizer).__name__ == rule.torch
    assert made.optimizer.options == rule.options() | asked
    assert made.optimizer.tensor is made.tensor
    assert made.tensor.cloned and made.tensor.grown
    # torch's matrix is [outputs, inputs]; what is told is in our order.
    assert made.tensor.values.shape == (shape[::-1] if name == "muon" else shape)
    expected = start.copy()
    for step in range(5):
        np.testing.assert_allclose(made.parameters(), expected.ravel(), rtol=1e-5)
        made.update()
        expected -= gradients[step % 2]
    np.testing.assert_allclose(made.parameters(), expected.ravel(), rtol=1e-5)


@pytest.mark.parametrize("name", RULES)
def test_torch_is_asked_for_our_defaults_and_what_names_the_rule(name):
    rule = RULES[name]
    assert rule.name == name and rule.tolerance <= 0.1
    assert (rule.tolerance > 1e-3) == (rule.torch == "Muon")
    assert rule.has_foreach == (rule.torch != "Muon")
    assert rule.transposed == (rule.torch == "Muon")
    if name in ("rprop", "adafactor", "muon"):
        assert rule.options() == {}
        return
    flags = {"nesterov": "nesterov", "amsgrad": "amsgrad"}
    extra = {flags[name]: True} if name in flags else {}
    extra |= {"centered": True} if "centered" in name else {}
    assert rule.options() == torch_options(OPTIMIZERS[name].defaults) | extra


def test_classes_of_torch_and_their_fused_versions():
    found = {rule.torch for rule in RULES.values()}
    assert found == {
        "SGD",
        "ASGD",
        "Rprop",
        "Adagrad",
        "Adadelta",
        "RMSprop",
        "Adam",
        "AdamW",
        "Adamax",
        "NAdam",
        "RAdam",
        "Adafactor",
        "Muon",
    }
    fused = {rule.torch for rule in RULES.values() if rule.has_fused}
    assert fused == {"SGD", "Adagrad", "Adam", "AdamW"}
    for name, rule in RULES.items():
        plain = name.partition("_")[0].replace("gradient", "sgd")
        heavy = {"momentum": "SGD", "nesterov": "SGD", "amsgrad": "Adam"}
        assert rule.torch.lower() == heavy.get(plain, plain).lower()
    assert RULES["radam"].checked > 5
    matrices = [rule for rule in RULES.values() if len(rule.shape) == 2]
    assert {rule.name for rule in matrices} == {"adafactor", "muon"}
    for rule in matrices:
        # Not square, where it could be seen as the other way round.
        assert len(set(rule.quick_shape)) == 2 and rule.why


def test_a_rule_compares_three_updates_of_ten_million_unless_it_says_so():
    rule = Rule("sgd", "SGD")
    assert (rule.shape, rule.checked, rule.why) == ((10_000_000,), 3, None)
    assert rule.quick_shape == (1_000_000,) and rule.theirs == {}
    assert json.dumps(rule.options())
