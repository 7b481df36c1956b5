"""Where a training runs: what is asked for, what there is, and what pays."""

import ctypes
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, device, driver, mlp, train, train_population
from gradclinic.kernels.device import (
    LEAST_WORK,
    DeviceError,
    DeviceLost,
    DeviceWarning,
    chosen_device,
)

NET = mlp([3, 4, 2])
X = np.random.default_rng(0).normal(size=(10, 3))
Y = np.arange(10) % 2


class Driver:
    """Stands in for libcuda: what its functions say.

    capability: of the device that is current, or, where none is, of the first; others
    are of 1.0.
    """

    def __init__(self, cuda=13_000, status=0, count=1, capability=(9, 0), current=None):
        self.cuda, self.status, self.count = cuda, status, count
        self.capability = dict(zip((75, 76), capability, strict=True))
        self.current = current

    def cuDriverGetVersion(self, out):
        return self._fill(out, self.cuda)

    def cuInit(self, flags):
        return self.status

    def cuDeviceGetCount(self, out):
        return self._fill(out, self.count)

    def cuCtxGetDevice(self, out):
        if self.current is None:
            return 201  # CUDA_ERROR_INVALID_CONTEXT
        return self._fill(out, self.current)

    def cuDeviceGetAttribute(self, out, attribute, number):
        used = number == (self.current or 0)
        return self._fill(out, self.capability[attribute] if used else 1)

    def _fill(self, out, value):
        ctypes.cast(out, ctypes.POINTER(ctypes.c_int))[0] = value
        return 0


def absence(monkeypatch, library, package=True, visible=None):
    monkeypatch.setattr(driver, "load_driver", lambda: library)
    monkeypatch.setattr(driver, "find_spec", lambda name: package or None)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    for cached in (driver._absence, driver._age):
        monkeypatch.setattr(driver, cached.__name__, cached.__wrapped__)
    return driver.absence()


@pytest.mark.parametrize(
    ("library", "more", "words"),
    [
        (None, {}, "no NVIDIA GPU here"),
        (Driver(cuda=12_080), {}, "CUDA 12.8, and CUDA 13.0 needs driver 580 or newer"),
        (Driver(status=100), {"visible": ""}, "CUDA_VISIBLE_DEVICES='' hides every"),
        (Driver(count=0), {"visible": "-1"}, "CUDA_VISIBLE_DEVICES='-1' hides every"),
        (Driver(count=0), {}, "finds no GPU"),
        (Driver(status=803), {}, "does not start (CUDA error 803)"),
        (
            Driver(capability=(7, 0)),
            {},
            "capability 7.0, and CUDA 13 needs 7.5",
        ),
        (Driver(), {"package": False}, 'pip install "gradclinic[cuda13]"'),
    ],
)
def test_why_there_is_no_gpu(monkeypatch, library, more, words):
    sentence = absence(monkeypatch, library, **more)
    assert words in sentence and "\n" not in sentence


@pytest.mark.parametrize("capability", [(7, 5), (10, 0)])
@pytest.mark.parametrize("current", [None, 0, 1])
def test_a_gpu_that_can_be_used(monkeypatch, capability, current):
    library = Driver(capability=capability, current=current)
    assert absence(monkeypatch, library, visible="0") is None


def test_the_gpu_that_is_used_is_asked_and_each_is_asked_once(monkeypatch):
    library = Driver(count=2, capability=(7, 0), current=1)
    assert "capability 7.0" in absence(monkeypatch, library)
    library.current, library.capability = 0, {75: 9, 76: 0}
    assert driver.absence() is None


@pytest.fixture
def gpu(monkeypatch):
    """A GPU is there, and nothing was lost."""
    monkeypatch.setattr(device, "absence", lambda: None)
    monkeypatch.setattr(device, "_lost", [])


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(device, "absence", lambda: "There is none.")
    monkeypatch.setattr(device, "_lost", [])


@pytest.mark.parametrize(
    ("asked", "work", "reason", "chosen"),
    [
        ("cpu", LEAST_WORK, None, "cpu"),
        ("cuda", 0, None, "cuda"),
        ("auto", LEAST_WORK, None, "cuda"),
        ("auto", LEAST_WORK - 1, None, "cpu"),
        ("auto", LEAST_WORK, "It cannot.", "cpu"),
    ],
)
def test_choice_where_there_is_a_gpu(gpu, asked, work, reason, chosen):
    assert chosen_device(asked, work, reason) == chosen


def test_choice_where_there_is_none(no_gpu):
    assert chosen_device("auto", LEAST_WORK) == "cpu"
    with pytest.raises(DeviceError, match="There is none"):
        chosen_device("cuda")
    with pytest.raises(ValueError, match="It cannot"):
        chosen_device("cuda", 0, "It cannot.")
    with pytest.raises(ValueError, match="unknown device 'gpu'"):
        chosen_device("gpu")


def test_nothing_is_asked_of_a_driver_for_a_small_step(monkeypatch):
    monkeypatch.setattr(device, "absence", lambda: pytest.fail("asked"))
    assert chosen_device("auto", LEAST_WORK - 1) == "cpu"


def test_the_simulator_is_a_gpu_but_not_by_itself(no_gpu, monkeypatch):
    monkeypatch.setattr(device.config, "ENABLE_CUDASIM", 1)
    assert chosen_device("cuda") == "cuda"
    assert chosen_device("auto", LEAST_WORK) == "cpu"


def test_a_lost_gpu_stays_lost(gpu):
    device.lose_device("It burns.")
    with pytest.raises(DeviceLost, match="It burns"):
        chosen_device("cuda", LEAST_WORK)
    with pytest.warns(DeviceWarning, match=r"^It burns\. The CPU trains instead\.$"):
        assert chosen_device("auto", LEAST_WORK) == "cpu"
    assert chosen_device("auto", LEAST_WORK - 1) == "cpu"
    assert chosen_device("cpu", LEAST_WORK) == "cpu"


@pytest.fixture
def trainings(gpu, monkeypatch):
    """Stand-ins for the trainings on a GPU; they note (job, run) and fill what runs."""
    seen = []

    def fill(job, run):
        seen.append((job, run))
        run.params[...] = 0.25
        run.curves[...], run.outcome[...] = 0.5, 0.0
        run.outcome[..., device_epochs()] = job.plan.epochs

    for name, function in (
        ("trainer", "train_on_device"),
        ("population", "train_population_on_device"),
    ):
        module = ModuleType(name)
        setattr(module, function, fill)
        monkeypatch.setitem(sys.modules, f"gradclinic.kernels.cuda.{name}", module)
    return seen


def device_epochs():
    from gradclinic.kernels import progress

    return progress.EPOCHS


def test_train_on_a_gpu(trainings):
    params = NET.init(0)
    history = train(NET, params, X, Y, epochs=3, device="cuda")
    assert history.device == "cuda" and history.diagnostics is None
    assert history.train_loss.tolist() == [0.5] * 3
    assert (params == 0.25).all()
    ((job, run),) = trainings
    assert job.net is NET and run.hyper[0] == OPTIMIZERS["adam"].defaults["lr"]


def test_train_a_population_on_a_gpu(trainings):
    runs = train_population(NET, X, Y, [1, 2], [0.1, 0.2], epochs=2, device="cuda")
    assert runs.device == "cuda" and runs.train_loss.shape == (2, 2)
    assert (runs.params == 0.25).all()
    ((_, stacked),) = trainings
    assert stacked.hyper[:, 0].tolist() == [0.1, 0.2]


def test_auto_weighs_all_runs_of_a_population(trainings):
    one = 3 * 10 * NET.work
    least = -(-LEAST_WORK // one)
    options = {"epochs": 1, "batch_size": None, "optimizer": "sgd"}
    few = train_population(NET, X, Y, range(2), 0.1, **options)
    assert few.device == "cpu" and not trainings
    many = train_population(NET, X, Y, range(least), 0.1, **options)
    assert many.device == "cuda" and len(trainings) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"micro_batch": 2}, "does not train with micro_batch"),
        ({"checkpoint": 2}, "does not train with checkpoint"),
        ({"storage": "float16"}, "does not train with storage"),
        ({"in_place": True}, "does not train with in_place"),
        ({"optimizer": "lbfgs"}, "does not train by 'lbfgs'"),
        ({"optimizer": "sam"}, "'sam', whose update needs several gradients a step"),
        *(
            ({"optimizer": name}, f"by '{name}', whose update needs .*one of .*adam,")
            for name, optimizer in OPTIMIZERS.items()
            if not optimizer.elementwise
        ),
    ],
)
def test_what_a_gpu_does_not_train_is_said(trainings, options, words):
    calls = (
        lambda where: train(NET, NET.init(0), X, Y, epochs=1, device=where, **options),
        lambda where: train_population(
            NET, X, Y, [0], None, epochs=1, device=where, **options
        ),
    )
    for call in calls:
        with pytest.raises(ValueError, match=words):
            call("cuda")
    assert not trainings


def test_diagnostics_are_not_taken_on_a_gpu(trainings):
    with pytest.raises(ValueError, match="does not train with diagnostics"):
        train(NET, NET.init(0), X, Y, device="cuda", diagnostics=True)
    seen = train(NET, NET.init(0), X, Y, epochs=1, diagnostics=True)
    assert seen.device == "cpu" and seen.diagnostics is not None


def test_what_the_libraries_raise_is_one_sentence(trainings, monkeypatch):
    class CUDAError(Exception):
        __module__ = "cuda.core._utils.cuda_utils"

    def fails(job, run):
        raise CUDAError("CUDA_ERROR_OUT_OF_MEMORY: no memory\nmore")

    module = sys.modules["gradclinic.kernels.cuda.trainer"]
    monkeypatch.setattr(module, "train_on_device", fails)
    with pytest.raises(DeviceError, match="GPU is out of memory") as caught:
        train(NET, NET.init(0), X, Y, device="cuda")
    assert isinstance(caught.value.__cause__, CUDAError)


OPTIONS = {"epochs": 1, "batch_size": None, "optimizer": "sgd"}


def one(where):
    params = NET.init(0)
    return train(NET, params, X, Y, device=where, **OPTIONS), params


def many(where):
    runs = train_population(NET, X, Y, [0, 1], 0.1, device=where, **OPTIONS)
    return runs, runs.params


@pytest.fixture(params=[(one, "trainer"), (many, "population")], ids=["one", "many"])
def failing(request, trainings, monkeypatch):
    """(a training, a function that has its GPU fail, begun or not)"""
    call, name = request.param
    monkeypatch.setattr(device, "LEAST_WORK", 0)
    module = sys.modules[f"gradclinic.kernels.cuda.{name}"]
    function = next(each for each in vars(module) if each.startswith("train_"))

    def fail(begun):
        def fails(job, runs):
            from gradclinic.kernels.cuda.errors import device_errors, starting

            runs.curves[...] = np.nan
            with device_errors() if begun else starting():
                raise RuntimeError("CUDA_ERROR_DEVICE_UNAVAILABLE: busy")

        monkeypatch.setattr(module, function, fails)

    return call, fail


def test_auto_trains_on_the_cpu_where_the_gpu_does_not_start(failing):
    call, fail = failing
    expected, params = call("cpu")
    fail(begun=False)
    with pytest.warns(DeviceWarning, match=r"^The GPU is lost .* The CPU trains inst"):
        found, trained = call("auto")
    assert found.device == "cpu"
    np.testing.assert_array_equal(trained, params)
    np.testing.assert_array_equal(found.train_loss, expected.train_loss)


@pytest.mark.parametrize(("where", "begun"), [("cuda", False), ("auto", True)])
def test_a_gpu_that_was_asked_for_or_has_begun_is_an_error(failing, where, begun):
    call, fail = failing
    fail(begun)
    with pytest.raises(DeviceError, match="The GPU is lost"):
        call(where)


@pytest.mark.parametrize("place", ["parameters", "rows"])
def test_what_32_bits_do_not_count_is_not_for_a_gpu(trainings, place):
    """Before anything is there: its arrays would be of 16 GB."""
    from gradclinic.kernels.trainer import _device_of

    counts = {"parameters": 5, "rows": 5} | {place: 2**31}
    plan, settings = SimpleNamespace(batch=1), SimpleNamespace()
    rows = np.broadcast_to(np.float32(0), (1, counts["rows"], 1))
    job = SimpleNamespace(
        plan=plan,
        settings=settings,
        optimizer=OPTIMIZERS["adam"],
        diagnostics=False,
        net=SimpleNamespace(
            n_params=counts["parameters"], work=1, nodes=(), weighted=False
        ),
        data=SimpleNamespace(x=rows),
    )
    with pytest.raises(ValueError, match=r"2,147,483,647 parameters or rows.*'cpu'"):
        _device_of("cuda", job)
    assert _device_of("auto", job) == "cpu"
    counts[place] -= 1
    job.net.n_params = counts["parameters"]
    job.data.x = np.broadcast_to(np.float32(0), (1, counts["rows"], 1))
    assert _device_of("cuda", job) == "cuda"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            AttributeError("module 'numpy' has no attribute 'row_stack'\nmore"),
            "The GPU cannot be used: compiling failed (AttributeError: module 'numpy'"
            " has no attribute 'row_stack').",
        ),
        (DeviceError("It burns."), "It burns."),
        (None, None),
    ],
)
def test_what_a_tiny_kernel_fails_of_is_said(monkeypatch, error, sentence):
    def try_gpu(say):
        say("compiling")
        if error:
            raise error

    trial = ModuleType("trial")
    trial.try_gpu = try_gpu
    monkeypatch.setitem(sys.modules, "gradclinic.kernels.cuda.trial", trial)
    assert device.failure() == sentence


def test_a_target_that_does_not_load_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "gradclinic.kernels.cuda.trial", None)
    assert device.failure().startswith(
        "The GPU cannot be used: loading numba-cuda failed (ModuleNotFoundError: "
    )
