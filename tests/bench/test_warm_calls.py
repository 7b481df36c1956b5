"""What is compiled ahead of time: every call is noted, and nothing is compiled."""

import subprocess
import sys
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.execution import warm
from gradclinic.kernels import cache
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.initialisers import INITIALISERS
from gradclinic.kernels.loop.training import train_serial
from gradclinic.kernels.losses import LOSSES
from gradclinic.kernels.minimisers import MINIMISERS
from gradclinic.kernels.optimizer import SHARED_SIZE
from gradclinic.kernels.passes import PREDICT_ROWS
from gradclinic.kernels.schedules import SCHEDULES


class Net:
    """A network that notes what it is asked."""

    targets, inputs = 2, 3

    def __init__(self, notes, sizes, activation="relu", loss="cross_entropy", **how):
        self.about = (tuple(sizes), activation, loss, how)
        self.notes = notes
        notes.setdefault("nets", []).append(self.about)

    def init(self, *arguments):
        seed, real, *initialiser = arguments
        self.notes.setdefault("init", []).append((seed, real, *initialiser))
        return np.zeros(8, real)

    def _note(self, name, params, x, *rest, **how):
        noted = (self.about, params.dtype, x, rest, how)
        self.notes.setdefault(name, []).append(noted)

    def loss_and_grad(self, params, x, y):
        self._note("loss_and_grad", params, x, y)

    def evaluate(self, params, x, y):
        self._note("evaluate", params, x, y)

    def predict(self, params, x, **how):
        self._note("predict", params, x, **how)


class Rule:
    """An optimizer that notes its updates."""

    def __init__(self, elementwise):
        self.elementwise, self.states, self.updates = elementwise, [], []
        self.averages = []

    def init_state(self, size, real):
        self.states.append((size, real))
        return np.zeros((1, size), real)

    def update(self, params, grad, state):
        assert params is not grad and params.dtype == grad.dtype == state.dtype
        assert params.shape == grad.shape == state[0].shape
        self.updates.append((params.size, params.dtype))

    def averaged(self, params, state):
        assert params.shape == state[0].shape
        self.averages.append(params.dtype)


@pytest.fixture(params=warm.DTYPES)
def compiled(request, monkeypatch):
    """(dtype, all that `compile_all` called)."""
    notes = {"train": [], "population": []}
    rules = {"together": Rule(False), "apart": Rule(True)}

    def train(net, params, x, y, *rule, **how):
        assert params.dtype == x.dtype == request.param
        assert len(x) == len(y) == 2 and x.shape[1] == 3
        notes["train"].append((net.about, y.shape, rule, how))

    def population(net, x, y, seeds, lr, **how):
        assert x.dtype == request.param and len(x) == len(y) == 2
        notes["population"].append((seeds, lr, how))

    monkeypatch.setattr(warm, "mlp", lambda *a, **how: Net(notes, *a, **how))
    monkeypatch.setattr(warm, "train", train)
    monkeypatch.setattr(warm, "train_population", population)
    monkeypatch.setattr(warm, "OPTIMIZERS", rules)
    warm.compile_all(request.param)
    return request.param, notes | {"rules": rules}


def test_every_activation_meets_every_loss_with_noise_and_dropout(compiled):
    random = {
        (activation, loss)
        for sizes, activation, loss, how in compiled[1]["nets"]
        if len(sizes) == 3 and {"dropout", "input_noise"} <= set(how)
    }
    assert random == {(a, loss) for a in ACTIVATIONS for loss in LOSSES}
    for *_, how in compiled[1]["nets"]:
        assert all(0 < value < 1 for value in how.values())


def test_every_loss_is_trained_evaluated_and_differentiated(compiled):
    dtype, notes = compiled
    plain = [
        (about, how)
        for about, _, rule, how in notes["train"]
        if not rule and "schedule" not in how
    ]
    assert [about[2] for about, _ in plain] == list(LOSSES)
    for _, how in plain:
        x, y = how["validation"]
        assert x.dtype == dtype and len(x) == len(y)
        assert how["epochs"] == 1
    for name in ("loss_and_grad", "evaluate"):
        assert [about[2] for about, *_ in notes[name]] == list(LOSSES)
        for _, params, x, (y,), _ in notes[name]:
            assert params == x.dtype == dtype and len(x) == len(y)


def test_every_schedule_is_trained_with_diagnostics(compiled):
    found = [how for *_, how in compiled[1]["train"] if "schedule" in how]
    assert [how["schedule"] for how in found] == list(SCHEDULES)
    assert {how["diagnostics"] for how in found} == {True}
    assert {how["epochs"] for how in found} == {1}


def test_every_minimiser_has_a_network_that_it_can_train(compiled):
    found = [
        (about, shape, rule, how)
        for about, shape, rule, how in compiled[1]["train"]
        if rule
    ]
    assert [rule[0] for _, _, rule, _ in found] == list(MINIMISERS)
    for (sizes, _, loss, how), shape, _, options in found:
        assert (loss, shape) == ("mse", (2, sizes[-1])) and sizes[0] == 3
        assert how == {} and options == {"epochs": 1}


def test_every_initialiser_draws_in_the_dtype(compiled):
    dtype, notes = compiled
    named = [name for *_, name in (draw for draw in notes["init"] if len(draw) == 3)]
    assert named == list(INITIALISERS)
    assert {np.dtype(real) for _, real, *_ in notes["init"]} == {np.dtype(dtype)}


def test_predictions_of_many_rows_are_made_on_all_threads_and_on_one(compiled):
    dtype, notes = compiled
    several, one = notes["predict"]
    for _, params, x, _, _ in (several, one):
        assert params == x.dtype == dtype
        assert len(x) > PREDICT_ROWS and x.shape[1] == 3
    assert (several[-1], one[-1]) == ({}, {"threads": 1})


def test_a_population_of_more_than_one_is_trained(compiled):
    dtype, notes = compiled
    ((seeds, lr, how),) = notes["population"]
    assert len(set(seeds)) == 2 and lr > 0
    assert how == {"epochs": 1, "dtype": np.dtype(dtype).type}


def test_every_rule_takes_a_step_and_what_is_apart_a_shared_one(compiled):
    dtype, notes = compiled
    together, apart = notes["rules"]["together"], notes["rules"]["apart"]
    assert together.updates == [(8, dtype)]
    assert apart.updates == [(8, dtype), (SHARED_SIZE, dtype)]
    for rule in (together, apart):
        assert rule.averages == [dtype]
        assert rule.states == [(size, np.dtype(dtype).type) for size, _ in rule.updates]


class Job:
    """A prepared training that notes what it is asked to compile."""

    def __init__(self):
        self.asked = []
        self.net = Net({}, [3, 2, 2])
        self.data = SimpleNamespace(x=["x", "other"], y=["y", "other"])

    def outline(self, *given):
        return ("outline", *given)

    def course(self, *given):
        self.asked.append(("course", *given))


@pytest.fixture
def job(monkeypatch):
    job, runs = Job(), SimpleNamespace(params=np.zeros((1, 8)))
    asked = []

    def small_job(dtype):
        asked.append(dtype)
        return job, runs

    monkeypatch.setattr(warm, "small_job", small_job)
    monkeypatch.setattr(warm, "first_of", lambda runs: ("the first of", runs))
    for name in ("compile_loop", "compile_drivers"):
        note = partial(lambda name, *given: job.asked.append((name, *given)), name)
        monkeypatch.setattr(warm, name, note)
    job.dtypes, job.runs, job.first = asked, runs, ("the first of", runs)
    return job


@pytest.mark.parametrize("dtype", warm.DTYPES)
def test_the_loop_is_compiled_for_an_outline_alone(job, dtype):
    warm.PARTS["loop"](dtype)
    assert job.dtypes == [dtype]
    assert job.asked == [("compile_loop", ("outline", job.first), dtype)]


@pytest.mark.parametrize("dtype", warm.DTYPES)
def test_the_passes_are_all_that_the_loop_calls_and_is_called_by(job, dtype):
    warm.PARTS["passes"](dtype)
    assert job.dtypes == [dtype]
    assert job.asked == [
        ("course", job.first),
        ("compile_drivers", ("outline", job.runs, 1, (1,))),
    ]
    notes = job.net.notes
    for name in ("loss_and_grad", "evaluate"):
        ((_, params, x, (y,), _),) = notes[name]
        assert (params, x, y) == (job.runs.params.dtype, "x", "y")
    ((_, _, many, _, how),) = notes["predict"]
    assert many.shape == (2 * PREDICT_ROWS, 3) and many.dtype == dtype and how == {}


@pytest.mark.parametrize("dtype", warm.DTYPES)
def test_a_small_training_is_of_two_rows_on_one_thread(monkeypatch, dtype):
    seen, plan = {}, SimpleNamespace()

    def runs(seeds, params, hypers):
        seen.update(seeds=seeds, params=params, hypers=hypers)
        return "runs"

    def prepare(net, x, y, *rest):
        seen.update(net=net, x=x, y=y, rest=rest)
        return plan, {"lr": 0.1}

    plan.runs = runs
    monkeypatch.setattr(warm, "prepare", prepare)
    assert warm.small_job(dtype) == (plan, "runs")
    sizes = [(row.inputs, row.outputs) for row in seen["net"].nodes]
    assert sizes[0][0] == 3 and sizes[-1][1] == 2
    assert seen["x"].shape == (2, 3) and seen["x"].dtype == dtype
    assert seen["y"].shape == (2,) and max(seen["y"]) < seen["net"].outputs
    # Neither validation, nor anything else that one training has and another not.
    assert seen["rest"] == (None, dtype, "adam", "auto", 1, {}, None)
    assert seen["seeds"] == [0] and seen["hypers"] == [{"lr": 0.1}]
    assert seen["params"].shape == (1, seen["net"].n_params)
    assert seen["params"].dtype == dtype


class Process:
    """A process that has ended; what was started and killed is noted."""

    started, killed = [], []

    def __init__(self, command, **how):
        self.command, self.how = command, how
        self.part = tuple(command[-2:])
        self.returncode, self.said = self.ends.get(self.part, (0, ""))
        Process.started.append(self)

    def communicate(self):
        return None, self.said

    def kill(self):
        Process.killed.append(self.part)


@pytest.fixture
def processes(monkeypatch):
    monkeypatch.setattr(Process, "started", [])
    monkeypatch.setattr(Process, "killed", [])
    monkeypatch.setattr(Process, "ends", {}, raising=False)
    monkeypatch.setattr(warm.subprocess, "Popen", Process)
    return Process


def test_each_dtype_is_compiled_in_a_process_of_its_own(processes):
    told = []
    warm.warm(lambda *progress: told.append(progress))
    assert [process.command for process in processes.started] == [
        [sys.executable, "-m", "gradclinic.bench.execution.warm", "all", dtype]
        for dtype in warm.DTYPES
    ]
    for process in processes.started:
        assert process.how["stderr"] == subprocess.PIPE and process.how["text"]
        assert process.how["stdout"] == subprocess.DEVNULL
        assert process.how["errors"] == "replace"
    assert told == [
        (number, 2, f"Compiling kernels (all, {dtype})")
        for number, dtype in enumerate(warm.DTYPES)
    ]
    assert len(processes.killed) == 2


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("Traceback\nMemoryError: no more\n", "MemoryError: no more"),
        ("", "no reason given"),
        ("  \n", "no reason given"),
    ],
)
def test_what_does_not_compile_says_its_last_line(processes, said, reason):
    processes.ends = {("all", "float64"): (1, said)}
    with pytest.raises(RuntimeError) as raised:
        warm.warm(lambda *progress: None)
    expected = f"the kernels (all, float64) do not compile: {reason}"
    assert str(raised.value) == expected


def test_all_that_fails_is_told(processes):
    processes.ends = {("all", dtype): (1, "No.") for dtype in warm.DTYPES}
    with pytest.raises(RuntimeError) as raised:
        warm.warm(lambda *progress: None)
    assert str(raised.value) == "; ".join(
        f"the kernels (all, {dtype}) do not compile: No." for dtype in warm.DTYPES
    )


def test_an_interrupted_compilation_leaves_no_process(processes):
    def interrupt(*progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        warm.warm(interrupt)
    assert processes.killed == [("all", dtype) for dtype in warm.DTYPES]


@pytest.mark.parametrize("dtypes", [("float32",), ("float32", "float64")])
def test_a_run_compiles_the_parts_of_its_dtypes_at_once(
    processes, monkeypatch, tmp_path, dtypes
):
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(warm, "is_cold", lambda: True)
    how = () if dtypes == ("float32",) else (dtypes,)
    warm.warm_for_run(lambda *progress: None, *how)
    assert [process.part for process in processes.started] == [
        (part, dtype) for part in ("loop", "passes") for dtype in dtypes
    ]


def test_what_is_compiled_is_not_cold_while_its_sources_are_the_same(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(cache, "cache_folder", lambda: tmp_path)
    assert warm.is_cold()
    assert warm.compiling_notice().startswith("Compiling kernels for this machine;")
    kept = cache.cache_of(train_serial)._cache_file
    kept.save("another", b"code")
    assert not warm.is_cold() and warm.compiling_notice() is None
    monkeypatch.setattr(cache, "source_of", lambda function: "edited")
    assert warm.is_cold()
