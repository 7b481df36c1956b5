"""What the processes and tools of a measurement are asked; no GPU and no library."""

import ctypes
import io
import json
import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.measurement.peers.work import LR
from gradclinic.bench.studies.gpu import (
    __main__ as command,
)
from gradclinic.bench.studies.gpu import (
    cpu_worker,
    first_training,
    nvml,
    population_training,
    whole_training,
)
from gradclinic.bench.studies.gpu.cpu_worker import CpuWorker
from gradclinic.bench.studies.gpu.nvml import Meter
from gradclinic.bench.studies.gpu.population_training import PopulationTraining
from gradclinic.kernels import mlp
from gradclinic.kernels.device import DeviceError


@pytest.fixture
def limited(monkeypatch):
    """The limits on threads of BLAS that hold now, and all that ever held."""
    now, ever = [], []

    @contextmanager
    def threadpool_limits(threads, user_api):
        ever.append((threads, user_api))
        now.append(threads)
        yield
        now.pop()

    monkeypatch.setattr(cpu_worker, "threadpool_limits", threadpool_limits)
    return now, ever


@pytest.fixture
def steps(monkeypatch, limited):
    """In the place of `StepWorker`: says under which limit it works."""
    now, _ = limited

    class Step:
        def __init__(self, request):
            self.request = request
            self.work = SimpleNamespace(threads=request["threads"])

        def ready(self):
            return {"ready": list(now)}

        def sample(self):
            return {"seconds": 0.5, "limit": list(now)}

    monkeypatch.setattr(cpu_worker, "StepWorker", Step)
    return Step


def test_a_peer_works_with_as_many_threads_of_blas_as_are_asked(steps, limited):
    worker = CpuWorker()
    assert worker.prepare("one", {"threads": 1}) == {"ready": [1]}
    assert worker.prepare("all", {"threads": 3}) == {"ready": [3]}
    assert worker.sample("one") == {"seconds": 0.5, "limit": [1]}
    assert worker.sample("all") == {"seconds": 0.5, "limit": [3]}
    assert limited == ([], [(n, "blas") for n in (1, 3, 1, 3)])
    assert worker.trainings["all"].request == {"threads": 3}
    assert worker.forget() == {} and worker.trainings == {}


def test_samples_of_a_grid_are_short():
    assert 0.02 <= cpu_worker.StepWorker.sample_seconds <= 0.1


def test_a_population_works_as_it_is(monkeypatch, steps, limited):
    class Population:
        def __init__(self, train, **request):
            self.train, self.request = train, request

        def ready(self):
            return {"epochs": 4}

        def sample(self):
            return {"seconds": 0.25}

    monkeypatch.setattr(population_training, "PopulationTraining", Population)
    monkeypatch.setattr(population_training, "on_cpu", lambda n: f"on {n} threads")
    worker = CpuWorker()
    request = {"sizes": [2, 4, 1], "batch": 8}
    assert worker.prepare_population("all", request, 3) == {"epochs": 4}
    training = worker.trainings["all"]
    assert (training.train, training.request) == ("on 3 threads", request)
    assert worker.sample("all") == {"seconds": 0.25} and limited[1] == []


def test_a_whole_training_is_on_the_processor(monkeypatch, steps):
    seen = []
    monkeypatch.setattr(
        whole_training, "whole", lambda *a: seen.append(a) or ("history", 2.5)
    )
    worker = CpuWorker()
    worker.prepare("all", {"threads": 3})
    assert worker.whole("all", 7, 0.01) == {"seconds": 2.5}
    assert seen == [(worker.trainings["all"].work, 7, 0.01, "cpu")]


def test_ceilings_are_of_all_threads_and_in_whole_units(monkeypatch):
    from gradclinic.bench.measurement import ceilings

    monkeypatch.setattr(ceilings, "peak_gflops", lambda threads: 2.0 * threads)
    monkeypatch.setattr(ceilings, "triad_gb", lambda threads: 5.0 * threads)
    assert CpuWorker().ceilings(3) == {"flops": 6e9, "bytes": 15e9}


@pytest.mark.parametrize(("seconds", "found"), [((9.0, 2.5), 6.5), ((1.0, 1.5), 0.0)])
def test_a_first_training_is_compared_with_the_second(monkeypatch, seconds, found):
    seen, left = [], list(seconds)

    def whole(*given):
        seen.append(given)
        return "history", left.pop(0)

    monkeypatch.setattr(first_training, "whole", whole)
    asked = first_training.FirstTraining({"sizes": [5, 4, 3], "batch": 8})
    assert asked.seconds() == {"seconds": found}
    (work, epochs), again = seen
    assert again == (work, epochs) and epochs == 1
    assert (work.kind, work.sizes, work.batch, work.threads) == (
        "step",
        (5, 4, 3),
        8,
        1,
    )
    assert work.x.shape == (16, 5) and work.networks == 1


class Epochs:
    """Trains at a known speed: a fixed cost, and more for each epoch."""

    def __init__(self, clock, fixed, each):
        self.clock, self.fixed, self.each, self.calls = clock, fixed, each, []

    def __call__(self, job, runs):
        self.calls.append((job, runs))
        self.clock[0] += self.fixed + self.each * job.plan_epochs


@pytest.fixture
def population(monkeypatch):
    """(a population of three, its trainer); prepared trainings are noted."""
    clock, prepared = [0.0], []
    monkeypatch.setattr(population_training.time, "perf_counter", lambda: clock[0])

    def prepare(net, x, y, validation, dtype, rule, batch, epochs, how, count):
        prepared.append((net, x, y, validation, dtype, rule, batch, epochs, how, count))
        job = SimpleNamespace(plan_epochs=epochs)
        job.runs = lambda seeds, params, hypers: (list(seeds), params, hypers)
        return job, {"beta1": 0.9}

    monkeypatch.setattr(population_training, "prepare", prepare)
    train = Epochs(clock, 0.001, 0.01)
    made = PopulationTraining(train, [5, 4, 3], 8, 24, 3, seed=7, least=0.1)
    made.prepared = prepared
    return made, train


def test_a_population_is_trained_long_enough(population):
    made, train = population
    assert made.ready() == {"epochs": 10}  # at most tenfold
    epochs = [job.plan_epochs for job, _ in train.calls]
    assert epochs == [1, 1, 10]
    # 3 networks, 10 epochs, 3 steps each.
    assert made.sample() == {"seconds": pytest.approx(0.101 / 90)}
    for net, x, y, *rest in made.prepared:
        assert net == mlp([5, 4, 3])
        assert x.shape == (24, 5) and y.shape == (24,)
        assert rest[:4] == [None, "float32", "adam", 8] and rest[5:] == [{}, 3]
    for _, (seeds, params, hypers) in train.calls:
        assert seeds == [7, 8, 9] and params.dtype == np.float32
        for seed, start in zip(seeds, params, strict=True):
            np.testing.assert_array_equal(start, made.net.init(seed))
        assert hypers == 3 * [{"beta1": 0.9, "lr": LR}]


def test_a_training_that_lasts_needs_no_second_epoch(population):
    made, train = population
    train.each = 5.0
    assert made.ready() == {"epochs": 1} and len(train.calls) == 2


@pytest.mark.parametrize(("threads", "count"), [(2, 2), (8, 5)])
def test_networks_on_the_processor_have_a_scratch_a_thread(threads, count):
    seen = []
    job = SimpleNamespace(
        courses=lambda *given: ("courses", *given), train_population=seen.append
    )
    runs = SimpleNamespace(params=np.zeros((5, 8)))
    population_training.on_cpu(threads)(job, runs)
    assert seen == [("courses", runs, count)]


def test_networks_on_the_device_are_handed_over(monkeypatch):
    seen = []
    module = ModuleType("population")
    module.train_population_on_device = lambda *a: seen.append(a)
    monkeypatch.setitem(sys.modules, "gradclinic.kernels.cuda.population", module)
    population_training.on_gpu("job", "runs")
    assert seen == [("job", "runs")]


class Nvml:
    """The driver's library; each function succeeds unless it is named."""

    def __init__(self, *failing):
        self.failing, self.asked = failing, []

    def _end(self, name, *given):
        self.asked.append((name, *given))
        return 999 if name in self.failing else 0

    def nvmlInit_v2(self):
        return self._end("init")

    def nvmlSystemGetDriverVersion(self, text, size):
        text.value = b"580.95.05"
        return self._end("version", size)

    def nvmlDeviceGetHandleByUUID(self, name, handle):
        handle._obj.value = 42
        return self._end("handle", name)

    def nvmlDeviceGetTotalEnergyConsumption(self, device, address):
        address._obj.value = 12_345
        return self._end("energy", device.value)


@pytest.fixture
def driver(monkeypatch):
    """Put a library in the place of the driver's; a function of what fails in it."""

    def give(*failing, there=True):
        found = Nvml(*failing)

        def load(name):
            assert name == "libnvidia-ml.so.1"
            if not there:
                raise OSError("no such file")
            return found

        monkeypatch.setattr(nvml.ctypes, "CDLL", load)
        nvml.library.cache_clear()
        return found

    yield give
    nvml.library.cache_clear()


def test_the_driver_tells_its_version_and_the_energy_in_joules(driver):
    found = driver()
    assert nvml.driver_version() == "580.95.05"
    meter = Meter("GPU-1")
    assert meter.found and meter.joules() == 12.345
    assert ("handle", b"GPU-1") in found.asked and ("energy", 42) in found.asked
    (size,) = {given[0] for name, *given in found.asked if name == "version"}
    assert size >= 80  # NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE
    assert isinstance(meter.device, ctypes.c_void_p)


@pytest.mark.parametrize(
    ("failing", "version", "found", "joules"),
    [
        (("init",), None, False, None),
        (("version",), None, True, 12.345),
        (("handle",), "580.95.05", False, None),
        (("energy",), "580.95.05", True, None),
    ],
)
def test_what_the_driver_does_not_tell_is_nothing(
    driver, failing, version, found, joules
):
    driver(*failing)
    meter = Meter("GPU-1")
    assert nvml.driver_version() == version
    assert (meter.found, meter.joules()) == (found, joules)


def test_without_a_driver_there_is_no_meter(driver):
    driver(there=False)
    meter = Meter("GPU-1")
    assert nvml.driver_version() is None
    assert not meter.found and meter.joules() is None


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The command with a GPU that works; what `measure` was handed."""
    seen = {"calls": []}
    module = ModuleType("measure")

    def measure(settings, say, keep):
        seen["calls"].append((settings, say))
        keep({"part": 1})
        if error := seen.get("error"):
            raise error

    module.measure = measure
    monkeypatch.setitem(sys.modules, "gradclinic.bench.studies.gpu.measure", module)
    monkeypatch.setattr(command, "chosen_device", lambda device: seen.update(at=device))
    monkeypatch.setattr(command, "chosen_threads", lambda given: ("all", given))
    monkeypatch.setattr(command, "settings_for", lambda *given: given)
    seen["out"] = tmp_path / "a" / "gpu.json"
    return seen


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ([], (None, False, False, True)),
        (["--seconds", "90"], (90.0, False, False, True)),
        (["--quick"], (None, True, False, True)),
        (["--tiny"], (None, False, True, True)),
        (["--no-peers"], (None, False, False, False)),
    ],
    ids=str,
)
def test_a_measurement_is_made_as_asked_and_kept(asked, options, settings):
    command.main([str(asked["out"]), *options])
    assert asked["at"] == "cuda"
    assert asked["calls"] == [((("all", None), *settings), command._say)]
    assert json.loads(asked["out"].read_text()) == {"part": 1}
    assert not list(asked["out"].parent.glob("*.part"))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (DeviceError("It burns."), 5, "It burns."),
        (KeyboardInterrupt(), 130, "Interrupted: what there was by then is written."),
    ],
)
def test_what_was_measured_before_the_end_is_kept(asked, capsys, error, code, said):
    asked["error"] = error
    with pytest.raises(SystemExit) as ended:
        command.main([str(asked["out"])])
    assert ended.value.code == code and capsys.readouterr().err == f"{said}\n"
    assert json.loads(asked["out"].read_text()) == {"part": 1}


def test_without_a_gpu_nothing_is_measured(asked, monkeypatch, capsys):
    def none(device):
        raise DeviceError("There is none.")

    monkeypatch.setattr(command, "chosen_device", none)
    for arguments in ([str(asked["out"])], ["--check"]):
        with pytest.raises(SystemExit) as ended:
            command.main(arguments)
        assert ended.value.code == 5
        assert capsys.readouterr().err == "There is none.\n"
    assert asked["calls"] == [] and not asked["out"].exists()


@pytest.mark.parametrize("reason", [None, "No kernel runs."])
def test_a_check_measures_nothing(asked, monkeypatch, capsys, reason):
    monkeypatch.setattr(command, "failure", lambda: reason)
    if reason:
        with pytest.raises(SystemExit) as ended:
            command.main(["--check"])
        assert ended.value.code == 5
    else:
        command.main(["--check"])
    assert capsys.readouterr().err == (f"{reason}\n" if reason else "")
    assert asked["calls"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--quick"],
        ["o", "--seconds", "0.5"],
        ["o", "--seconds", "inf"],
        ["o", "--seconds", "nan"],
        ["o", "--qui"],
    ],
    ids=str,
)
def test_a_wrong_command_is_refused(asked, arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2 and asked["calls"] == []
    assert "python -m gradclinic.bench.studies.gpu" in capsys.readouterr().err


def test_a_second_is_enough():
    assert command.parsed(["o", "--seconds", "1"]).seconds == 1.0


def test_counts_of_tests_are_put_beside_a_measurement(asked, monkeypatch, tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"PASSED \xff")
    asked["out"].parent.mkdir()
    asked["out"].write_text('{"schema": 1}')
    monkeypatch.setattr(
        command, "with_tests", lambda content, log: content | {"l": log}
    )
    command.main([str(asked["out"]), "--tests", str(log)])
    assert json.loads(asked["out"].read_text()) == {"schema": 1, "l": "PASSED \ufffd"}
    assert asked["calls"] == [] and "at" not in asked


def test_what_is_said_goes_to_stderr_at_once(monkeypatch):
    class Stream(io.StringIO):
        flushed = 0

        def flush(self):
            self.flushed += 1

    stream = Stream()
    monkeypatch.setattr(sys, "stderr", stream)
    command._say("Part one.")
    assert stream.getvalue() == "Part one.\n" and stream.flushed
