"""What a measurement asks of a GPU that is there, with stand-ins for that GPU."""

import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.studies.gpu import (
    ceilings,
    compilation,
    energy,
    events,
    machine,
    populations,
)
from gradclinic.bench.studies.gpu.settings import settings_for
from gradclinic.bench.studies.profile.cases import Case

SETTINGS = settings_for(threads=3, tiny=True)
CASE = Case("a case", "step", (4, 5, 10), 8, 16)


class Part:
    """A part of a measurement: its time, and what it leaves out."""

    def __init__(self, left=60.0):
        self.left, self.spent, self.left_out = left, left <= 0, []
        self.leave_out = self.left_out.append


@pytest.fixture(autouse=True)
def there_is_a_gpu(monkeypatch):
    for module in (ceilings, compilation, energy, events, machine, populations):
        monkeypatch.setattr(module, "SIMULATED", False)


@pytest.fixture
def process(monkeypatch):
    """A fresh process that answers as it is told; what it is asked is noted."""
    seen = []

    def give(**answer):
        class Process:
            def __init__(self, module, request):
                seen.append((module, request))

            def ask(self, *command, seconds):
                seen.append((*command, seconds))
                return answer

            def close(self):
                seen.append("closed")

        monkeypatch.setattr(compilation, "WorkerProcess", Process)
        return seen

    return give


@pytest.mark.parametrize(("left", "limit"), [(5.0, 20.0), (50.0, 50.0), (999.0, 120.0)])
def test_compiling_is_timed_in_a_fresh_process(process, left, limit):
    seen, part = process(seconds=6.5), Part(left)
    assert compilation.compile_seconds(CASE, part) == 6.5 and part.left_out == []
    module = "gradclinic.bench.studies.gpu.first_training"
    started, asked, closed = seen
    assert started[0] == module and asked == ("seconds", limit) and closed == "closed"
    assert {k: v if k == "batch" else list(v) for k, v in started[1].items()} == {
        "sizes": [4, 5, 10],
        "batch": 8,
    }


def test_what_there_is_no_time_to_compile_is_left_out(process):
    seen, part = process(seconds=6.5), Part(0.0)
    assert compilation.compile_seconds(CASE, part) is None and seen == []
    assert part.left_out == [
        "grid: a case, batch 8: no time to compile in a fresh process."
    ]


def test_what_is_not_compiled_is_left_out_with_its_reason(process):
    seen, part = process(reason="it had no answer within 30 s"), Part(30.0)
    assert compilation.compile_seconds(CASE, part) is None and seen[-1] == "closed"
    said = "compiling in a fresh process: it had no answer within 30 s."
    assert part.left_out == [f"grid: a case, batch 8: {said}"]


@pytest.mark.parametrize("library", ["own", "cublas"])
def test_only_tiles_of_ours_are_compiled_for_a_network(monkeypatch, library):
    asked = []

    def tile_for(dtype, m, n, k, count):
        asked.append((dtype, m, n, k, count))
        return SimpleNamespace(name=f"tile {m} {n} {k}")

    gpu, tile = ModuleType("gpu"), ModuleType("tile")
    gpu.gpu, tile.tile_for = lambda: SimpleNamespace(multiprocessors=132), tile_for
    monkeypatch.setitem(sys.modules, "gradclinic.kernels.cuda.gpu", gpu)
    monkeypatch.setitem(sys.modules, "gradclinic.kernels.cuda.tile", tile)
    monkeypatch.setattr(compilation, "products", lambda: SimpleNamespace(name=library))
    found = compilation.kernels_of((4, 5, 10), 8)
    if library == "cublas":
        assert found == frozenset() and asked == []
        return
    # Forward, the gradient of the inputs, and that of the weights, of both layers.
    shapes = [(8, 5, 4), (8, 4, 5), (4, 5, 8), (8, 10, 5), (8, 5, 10), (5, 10, 8)]
    assert asked == [("float32", *shape, 132) for shape in shapes]
    assert found == {f"tile {m} {n} {k}" for m, n, k in shapes}


@pytest.mark.parametrize("name", ["NVIDIA H200", b"NVIDIA H200"])
def test_a_machine_tells_its_gpu(monkeypatch, name):
    device = SimpleNamespace(
        name=name, compute_capability=(9, 0), MULTIPROCESSOR_COUNT=np.int64(132)
    )
    context = SimpleNamespace(get_memory_info=lambda: (60, 80))
    monkeypatch.setattr(
        machine,
        "cuda",
        SimpleNamespace(
            get_current_device=lambda: device, current_context=lambda: context
        ),
    )
    monkeypatch.setattr(machine, "driver_version", lambda: None)
    monkeypatch.setattr(
        machine, "package_version", lambda n: f"{n} 1" if n == "torch" else None
    )
    found = machine.measured_on(SETTINGS)
    assert {k: found[k] for k in ("gpu", "capability", "multiprocessors")} == {
        "gpu": "NVIDIA H200",
        "capability": "9.0",
        "multiprocessors": 132,
    }
    assert (found["memory_bytes"], found["cores"], found["driver"]) == (
        80,
        3,
        "unknown",
    )
    assert found["simulated"] is False and found["cpu"] and found["machine"]
    assert set(found["versions"]) == {"python", "torch"}
    json.dumps(found)


class Event:
    """Notes when it is recorded and waited for; one lies 250 ms behind another."""

    def __init__(self, order):
        self.order = order

    def record(self, stream):
        self.order.append(("record", stream))

    def synchronize(self):
        self.order.append("wait")

    def elapsed_time(self, other):
        assert other is not self
        return 250.0


def test_the_device_s_own_events_tell_the_time(monkeypatch):
    order = []
    monkeypatch.setattr(events, "cuda", SimpleNamespace(event=lambda: Event(order)))
    found = events.device_seconds(lambda: order.append("call"), "stream", 3)
    assert found == 0.25
    assert order == [("record", "stream"), *3 * ["call"], ("record", "stream"), "wait"]
    order.clear()
    events.device_seconds(lambda: order.append("call"), "stream")
    assert order.count("call") == 1


def test_what_is_flushed_is_more_than_any_cache(monkeypatch):
    made = []

    def device_array(size, dtype):
        made.append(size * np.dtype(dtype).itemsize)
        return SimpleNamespace(copy_to_device=lambda *a, **how: made.append((a, how)))

    monkeypatch.setattr(events, "cuda", SimpleNamespace(device_array=device_array))
    flush = events.Flush("stream")
    assert made == 2 * [256 * 2**20]
    flush()
    assert made[-1] == ((flush.source,), {"stream": "stream"})


class Meter:
    """A meter that may be missing."""

    def __init__(self, uuid):
        self.uuid = uuid

    def joules(self):
        return self.there


@pytest.fixture
def metered(monkeypatch):
    """A device with a meter; steps that are replayed are noted."""
    replayed = []
    stream = SimpleNamespace(synchronize=lambda: replayed.append("wait"))
    step = SimpleNamespace(
        replay=lambda: replayed.append("replay"), stream=stream, per_epoch=5
    )
    device = SimpleNamespace(uuid="GPU-1")
    monkeypatch.setattr(
        energy, "cuda", SimpleNamespace(get_current_device=lambda: device)
    )
    monkeypatch.setattr(energy, "Meter", Meter)
    monkeypatch.setattr(energy, "NetworkStep", lambda work: (work, step)[1])
    monkeypatch.setattr(energy, "layer_work", lambda settings: settings)
    return replayed


def test_energy_is_told_a_step_and_a_second(monkeypatch, metered):
    asked = []

    def consumed(meter, epoch, seconds):
        asked.append((meter.uuid, seconds))
        epoch()
        return 8, 600.0, 4.0

    monkeypatch.setattr(Meter, "there", 1.0, raising=False)
    monkeypatch.setattr(energy, "consumed", consumed)
    found, part = energy.measure(SETTINGS, Part()), Part()
    sizes = "-".join(map(str, SETTINGS.layer))
    assert found == {
        "joules_per_step": 15.0,
        "watts": 150.0,
        "network": f"{sizes}, batch {SETTINGS.layer_batch}",
    }
    assert asked == [("GPU-1", energy.SECONDS)] and metered == ["replay", "wait"]
    assert part.left_out == []


def test_without_a_meter_no_energy_is_measured(monkeypatch, metered):
    monkeypatch.setattr(Meter, "there", None, raising=False)
    part = Part()
    assert energy.measure(SETTINGS, part) is None and metered == []
    assert part.left_out == ["energy: the driver gives none here."]


class Cpu:
    """The process for the CPU's rows."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []

    def ask(self, *command, **how):
        self.asked.append((command, how))
        return self.answer


@pytest.fixture
def cpu(monkeypatch):
    def give(answer):
        made = Cpu(answer)

        @contextmanager
        def cpu_process():
            yield made

        for module in (ceilings, populations):
            monkeypatch.setattr(module, "cpu_process", cpu_process)
        return made

    return give


def test_ceilings_of_the_cpu_are_those_of_all_threads(cpu):
    made, part = cpu({"flops": 1e12, "bytes": 1e11}), Part()
    found = ceilings._cpu(SETTINGS, part)
    assert found == {"cpu_flops_per_s": 1e12, "cpu_bytes_per_s": 1e11}
    assert made.asked == [(("ceilings", 3), {})] and part.left_out == []


def test_ceilings_that_fail_are_unknown(cpu):
    cpu({"reason": "It broke."})
    part = Part()
    found = ceilings._cpu(SETTINGS, part)
    assert found == {"cpu_flops_per_s": None, "cpu_bytes_per_s": None}
    assert part.left_out == ["ceilings: those of the CPU: It broke."]


def test_both_kernels_of_a_population_are_compiled_side_by_side(monkeypatch, cpu):
    made, ready = cpu({}), []

    class Population:
        def __init__(self, train, **request):
            self.about = train, request

        def ready(self):
            ready.append(self.about)

    monkeypatch.setattr(populations, "PopulationTraining", Population)
    populations.prepare(SETTINGS)
    least = min(SETTINGS.networks)
    request = populations._request(SETTINGS, least, 0.0)
    assert ready == [(populations.on_gpu, request)]
    assert request["networks"] == least and request["least"] == 0.0
    expected = ("prepare_population", "all", request, 3)
    assert made.asked == [(expected, {"seconds": populations.COMPILING})]


def test_populations_are_measured_as_told_and_listed_by_their_number(monkeypatch, cpu):
    made, asked = cpu({}), []

    class Found(Part):
        found: tuple = ()

        def while_time(self, items):
            yield from (item for _, item in items)

        def add(self, entry):
            self.found = (*self.found, entry)

    def entry(request, process, settings, part):
        assert process is made and settings is SETTINGS
        asked.append((request["networks"], request["least"]))
        return {"networks": request["networks"]}

    counts = (64, 4, 16)
    settings = replace(SETTINGS, networks=counts)
    monkeypatch.setattr(populations, "_entry", entry)
    monkeypatch.setattr(sys.modules[__name__], "SETTINGS", settings)
    found = populations.measure(settings, Found())
    assert found == [{"networks": count} for count in (4, 16, 64)]
    assert asked == [(count, 2 * settings.sample_seconds) for count in counts]
