"""What each part of a profile asks to be timed, and what it makes of the times.

Everything that takes time is replaced by something of known speed.
"""

import sys
from dataclasses import asdict
from itertools import count, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from gradclinic.bench.measurement.noise import HostNoise
from gradclinic.bench.measurement.timing import MIN_SAMPLES, ratio_interval
from gradclinic.bench.studies.profile import (
    diagnostics,
    growth,
    optimizers,
    own_cpu,
    phases,
    roofline,
    scaling,
    start,
    study,
    throughput,
    training,
)
from gradclinic.bench.studies.profile.cases import CASES, DENSE, Case
from gradclinic.bench.studies.profile.settings import ProfileSettings
from gradclinic.kernels import OPTIMIZERS, mlp
from gradclinic.kernels.memory import predicted_bytes

SETTINGS = ProfileSettings(threads=3, quick=False, samples=12, processes=2, seed=7)
QUICK = ProfileSettings(threads=3, quick=True, samples=4, processes=2, seed=7)
BOTH = pytest.mark.parametrize("settings", [SETTINGS, QUICK], ids=["full", "quick"])
CASE = Case("a case", "step", (5, 4, 3), 8, 24)
STEPS = {case.name: case for case in DENSE}


class Progress:
    """Notes what is said; every part counts up to what it announced."""

    def __init__(self):
        self.said = []

    def __call__(self, done, total, text):
        assert done == len(self.said) < total and text
        self.said.append(text)


class Stepper:
    """In the place of `stepper`: calls of a known, and falling, number of seconds.

    A step of a case takes what `speed` says, the first sample twice that. No two are
    equal: where ratios tie, SciPy tries all their signs, which takes a second.
    """

    def __init__(self, speed):
        self.speed, self.asked = speed, []

    def __call__(self, case, seed, threads, **options):
        self.asked.append((case, seed, threads, options))
        seconds, calls = self.speed(case, threads, options), count()
        apart = 1e-9 * len(self.asked)

        def step():
            call = next(calls)
            return seconds * (2.0 if call == 0 else 1.0 + apart * call)

        return step


@pytest.fixture
def steppers(monkeypatch):
    """Give each module the same `Stepper`; a function of the speed."""

    def give(module, speed):
        made = Stepper(speed)
        monkeypatch.setattr(module, "stepper", made)
        return made

    return give


@BOTH
def test_scaling_compares_one_thread_with_all(steppers, settings):
    asked = steppers(scaling, lambda case, threads, how: case.flops / threads)
    progress = Progress()
    rows = scaling.measure(settings, progress)
    assert [(row["case"], row["threads"]) for row in rows] == [
        (name, n) for name in scaling.NAMES for n in (1, 3)
    ]
    assert asked.asked == [
        (CASES[name], 7, n, {}) for name in scaling.NAMES for n in (1, 3)
    ]
    for row in rows:
        expected = CASES[row["case"]].flops / row["threads"]
        assert row["seconds"] == pytest.approx(expected)
        assert row["speedup"] == pytest.approx(row["threads"])
        assert row["low"] == pytest.approx(row["high"]) == pytest.approx(row["speedup"])
    assert all(
        name in text for name, text in zip(scaling.NAMES, progress.said, strict=True)
    )


def test_intervals_of_the_scaling_are_those_of_the_samples(monkeypatch):
    rng = np.random.default_rng(0)
    drawn = {1: [], 3: []}

    def stepper(case, seed, threads):
        def call():
            drawn[threads].append(rng.uniform(1, 2) / threads)
            return drawn[threads][-1]

        return call

    monkeypatch.setattr(scaling, "stepper", stepper)
    monkeypatch.setattr(scaling, "NAMES", scaling.NAMES[:1])
    _, row = scaling.measure(SETTINGS, Progress())
    assert {n: len(samples) for n, samples in drawn.items()} == {1: 12, 3: 12}
    ratio = ratio_interval(*(np.array(drawn[n]) for n in (1, 3)))
    assert (row["speedup"], row["low"], row["high"]) == (
        ratio.speedup,
        ratio.low,
        ratio.high,
    )
    assert row["seconds"] == np.median(drawn[3])


@BOTH
def test_diagnostics_are_compared_with_a_plain_step(steppers, settings):
    asked = steppers(diagnostics, lambda case, n, how: 3.0 if how["diagnostics"] else 2)
    progress = Progress()
    rows = diagnostics.measure(settings, progress)
    assert [row["case"] for row in rows] == list(diagnostics.NAMES)
    assert asked.asked == [
        (CASES[name], 7, 3, {"diagnostics": on})
        for name in diagnostics.NAMES
        for on in (False, True)
    ]
    for row in rows:
        assert (row["plain"], row["with"]) == pytest.approx((2.0, 3.0))
        for key in ("ratio", "low", "high"):
            assert row[key] == pytest.approx(1.5)
    assert len(progress.said) == len(diagnostics.NAMES)


@pytest.mark.parametrize("part", [scaling, diagnostics])
@BOTH
def test_a_verdict_needs_ten_samples_however_quick(monkeypatch, part, settings):
    calls = []

    def stepper(case, seed, threads, **options):
        return lambda: calls.append((case.name, threads, str(options))) or 1.0

    monkeypatch.setattr(part, "stepper", stepper)
    part.measure(settings, Progress())
    samples = max(10, settings.samples)
    assert samples >= MIN_SAMPLES
    assert {calls.count(call) for call in calls} == {samples}
    # In turns: never the same one twice.
    assert all(one != other for one, other in pairwise(calls))


def test_phases_are_timed_apart_and_beside_the_whole_step(monkeypatch, steppers):
    asked = steppers(phases, lambda case, threads, how: case.flops)
    networks = []

    def of(net, batch):
        networks.append(
            (
                [net.inputs, *[r.outputs for r in net.nodes if r.kind.name == "dense"]],
                batch,
            )
        )
        return {"forward": "f", "backward": "b"}

    monkeypatch.setattr(phases, "phases", of)
    monkeypatch.setattr(phases, "shortest", {"f": 0.25, "b": 0.5}.get)
    progress = Progress()
    rows = phases.measure(SETTINGS, progress)
    assert [row["case"] for row in rows] == list(STEPS)
    assert networks == [(list(case.sizes), case.batch) for case in STEPS.values()]
    for row, (case, seed, threads, how) in zip(rows, asked.asked, strict=True):
        assert (case.name, seed, threads) == (row["case"], 7, 1)
        assert how == {"deterministic": False}
        assert row["step_seconds"] == pytest.approx(case.flops)
        assert row["phases"] == [
            {"name": "forward", "seconds": 0.25},
            {"name": "backward", "seconds": 0.5},
        ]
    assert len(progress.said) == len(STEPS)


def test_a_phase_is_repeated_until_it_lasts_a_sample(monkeypatch):
    ran, factors = [], iter([1.0] * 4 + [1.5, 1.2, 1.1, 1.3, 1.4])

    def timed(call, times):
        assert times == 1
        call()
        return 0.003 * ran[-1] * next(factors)

    monkeypatch.setattr(phases, "timed", timed)
    monkeypatch.setattr(phases, "SAMPLE", 0.02)
    assert phases.shortest(ran.append) == pytest.approx(0.003 * 1.1)
    assert ran == [1, 1, 2, 4, 8, *[8] * 5]


def test_the_roofline_has_ceilings_of_one_thread_and_of_all(monkeypatch, steppers):
    asked = steppers(roofline, lambda case, threads, how: case.flops / 2e9)
    ceilings = {"peak_gflops": 10, "blas_gflops": 20, "triad_gb": 30}
    for name, speed in ceilings.items():
        monkeypatch.setattr(roofline, name, lambda n, speed=speed: speed * n)
    progress = Progress()
    found = roofline.measure(SETTINGS, progress)
    points = found.pop("points")
    assert found == {name: [speed, 3 * speed] for name, speed in ceilings.items()}
    assert asked.asked == [(case, 7, 3, {}) for case in STEPS.values()]
    for point, case in zip(points, STEPS.values(), strict=True):
        moved = 28 * case.parameters + 4 * case.batch * case.sizes[0]
        assert point == {
            "name": case.name,
            "label": case.label,
            "threads": 3,
            "intensity": pytest.approx(case.flops / moved),
            "gflops": pytest.approx(2.0),
        }
    assert len(progress.said) == 3


@BOTH
def test_throughput_counts_rows_and_operations(steppers, settings):
    asked = steppers(throughput, lambda case, threads, how: 0.5)
    progress = Progress()
    rows = throughput.measure(settings, progress)
    widths = throughput.WIDTHS[:-1] if settings.quick else throughput.WIDTHS
    assert len(throughput.WIDTHS) > 3 and list(widths) == sorted(widths)
    expected = [(w, b) for w in widths for b in throughput.BATCHES]
    assert [(row["width"], row["batch"]) for row in rows] == expected
    for row, (case, seed, threads, how) in zip(rows, asked.asked, strict=True):
        w, b = row["width"], row["batch"]
        assert (case.kind, case.sizes, case.batch) == ("step", (w, w, w, 10), b)
        assert case.rows % b == 0 and case.rows >= b and case.networks == 1
        assert (seed, threads, how) == (7, 3, {})
        assert row["engine"] == "gradclinic"
        assert row["rows_per_second"] == pytest.approx(2 * b)
        assert row["gflops"] == pytest.approx(2 * case.flops / 1e9)
    assert len(progress.said) == len(widths)


def test_growth_is_fitted_to_the_larger_two_thirds(steppers):
    """Time goes with a power of the width that is another one for small networks."""

    def speed(case, threads, how):
        wide = case.sizes[1] > 64
        depth = len(case.sizes) - 2
        return case.sizes[1] ** (2.0 if wide else 1.0) * case.batch**1.5 * depth

    asked = steppers(growth, speed)
    progress = Progress()
    series = {found["axis"]: found for found in growth.measure(SETTINGS, progress)}
    assert list(series) == list(growth.AXES) and len(progress.said) == len(series)
    shapes = {
        "width": lambda c: c.sizes[1],
        "depth": lambda c: len(c.sizes) - 2,
        "batch": lambda c: c.batch,
        "networks": lambda c: c.networks,
    }
    at = iter(asked.asked)
    for axis, found in series.items():
        assert found["x"] == sorted(found["x"]) and len(found["x"]) >= 5
        for x, seconds, size in zip(
            found["x"], found["seconds"], found["bytes"], strict=True
        ):
            case, seed, threads, how = next(at)
            assert (seed, threads, how) == (7, 3, {})
            assert shapes[axis](case) == x and case.rows % case.batch == 0
            assert case.kind == ("population" if axis == "networks" else "step")
            ledger = predicted_bytes(
                mlp(list(case.sizes)), OPTIMIZERS["adam"], case.batch
            )
            assert size == ledger.total * case.networks
            assert seconds == pytest.approx(speed(case, 3, how) * case.networks)
        first = len(found["x"]) // 3
        assert found["from"] == found["x"][first]
        for key in ("time", "memory"):
            y = found["seconds" if key == "time" else "bytes"]
            assert found[f"{key}_exponent"] == growth.exponent(
                found["x"][first:], y[first:]
            )
    exponents = {axis: found["time_exponent"] for axis, found in series.items()}
    for axis, value in (("width", 2), ("batch", 1.5), ("networks", 1), ("depth", 1)):
        found = exponents[axis]
        assert found["value"] == pytest.approx(value, abs=1e-6)
        assert found["low"] <= found["value"] + 1e-9 <= found["high"] + 2e-9


def test_the_interval_of_an_exponent_is_students():
    """Three points off a line: slope, error and t(1) by hand."""
    x, y = np.exp([0.0, 1.0, 2.0]), np.exp([0.0, 1.3, 2.0])
    found = growth.exponent(x, y)
    error = np.sqrt((0.1**2 + 0.2**2 + 0.1**2) / 1 / 2)
    half = 12.706204736 * error
    assert found["value"] == pytest.approx(1.0)
    assert found["high"] - found["value"] == pytest.approx(half, rel=1e-6)
    assert found["value"] - found["low"] == pytest.approx(half, rel=1e-6)
    narrow = growth.exponent(x, y, level=0.5)
    assert narrow["high"] - 1 == pytest.approx(error, rel=1e-6)


@BOTH
def test_a_share_of_the_triad_is_of_the_bytes_moved(monkeypatch, settings):
    ran, order, threads = (
        [],
        iter([0.5, 0.3, 0.2, 0.4, 0.6] * len(optimizers.UPDATE_BYTES)),
        [],
    )

    class Rule:
        def init_state(self, size):
            return ("state", size)

        def update(self, params, grad, state, **how):
            assert params.shape == grad.shape == (state[1],)
            assert params.dtype == grad.dtype == np.float32 and grad[0] > 0
            ran.append((state[1], how))

    def timed(call, times):
        assert times == 1
        call()
        return next(order)

    monkeypatch.setattr(
        optimizers, "OPTIMIZERS", {n: Rule() for n in optimizers.UPDATE_BYTES}
    )
    # As large, but of one number: nothing needs their memory here.
    sizes = SimpleNamespace(
        float32=np.float32,
        zeros=lambda n, dtype: np.broadcast_to(dtype(0), n),
        full=lambda n, value, dtype: np.broadcast_to(dtype(value), n),
    )
    monkeypatch.setattr(optimizers, "np", sizes)
    monkeypatch.setattr(optimizers, "timed", timed)
    monkeypatch.setattr(optimizers, "triad_gb", lambda n: threads.append(n) or 4.0)
    rows = optimizers.measure(settings, progress := Progress())
    size = 10_000_000 if settings.quick else 50_000_000
    assert len(ran) == (1 + optimizers.REPEATS) * len(rows)  # one to warm up
    assert {str(how) for _, how in ran} == {str({"step": 3, "threads": 3})}
    assert set(threads) == {3} and len(progress.said) == len(optimizers.UPDATE_BYTES)
    for row, (name, moved) in zip(rows, optimizers.UPDATE_BYTES.items(), strict=True):
        speed = size * moved / 0.2 / 1e9
        assert row == {
            "optimizer": name,
            "parameters": size,
            "bytes_per_parameter": moved,
            "threads": 3,
            "seconds": 0.2,
            "gb_per_second": pytest.approx(speed),
            "share_of_triad": pytest.approx(speed / 4),
        }


@pytest.fixture
def beginning(monkeypatch):
    """Commands take 3 s, then 1, 2, 5 and so on; a population takes 40 s."""
    commands, seconds = [], iter([3.0, 1.0, 2.0, 5.0, 4.0, 9.0, 60.0])

    def timed(command, environment=None):
        commands.append((command, environment))
        return next(seconds)

    monkeypatch.setattr(start, "_seconds", timed)
    monkeypatch.setattr(
        start, "_population", lambda count, settings: 40.0 + count / 1e6
    )
    return commands


def test_a_start_is_the_median_of_fresh_processes(beginning):
    found = start.measure(SETTINGS, progress := Progress())
    assert found == {
        "first_step_seconds": 4.0,
        "cold_compile_seconds": 60.0,
        "trainings": 1000,
        "population_seconds": 40.001,
        "population_1000_seconds": 40.001,
    }
    *first, (warm, environment) = beginning
    assert first == [([sys.executable, "-c", start.FIRST_STEP], None)] * 6
    assert warm == [sys.executable, "-m", "gradclinic.bench", "doctor", "--warm"]
    assert environment["GRADCLINIC_CACHE_DIR"] and environment["PATH"]
    assert len(progress.said) == 3


def test_a_quick_start_compiles_nothing_and_trains_a_hundred(beginning):
    found = start.measure(QUICK, Progress())
    assert found == {
        "first_step_seconds": 2.0,
        "cold_compile_seconds": None,
        "trainings": 100,
        "population_seconds": 40.0001,
        "population_1000_seconds": None,
    }
    assert len(beginning) == 4


def test_a_command_that_fails_took_no_time():
    assert start._seconds([sys.executable, "-c", "raise SystemExit(1)"]) is None
    code = "import os; raise SystemExit(os.environ['MARK'] != 'x')"
    assert start._seconds([sys.executable, "-c", code], {"MARK": "x"}) > 0


def test_a_thousand_trainings_are_of_the_digits(monkeypatch):
    import gradclinic.kernels as kernels

    seen = []

    def train_population(net, x, y, seeds, lr, **how):
        seen.append((len(seeds), how["epochs"]))
        assert (net.inputs, net.nodes[-1].outputs) == (64, 10)
        assert x.shape == (1797, 64) and x.dtype == np.float32
        assert x.min() == 0 and x.max() == 1 and sorted(set(y)) == list(range(10))
        assert lr > 0 and (how["batch_size"], how["threads"]) == (32, 3)

    monkeypatch.setattr(kernels, "train_population", train_population)
    assert start._population(50, SETTINGS) >= 0
    assert seen == [(2, 1), (50, 20)]  # the first one loads what is compiled


class Trained:
    """In the place of both trainings, at a known speed."""

    def __init__(self, monkeypatch, per_epoch):
        self.calls, self.per_epoch, self.clock = [], per_epoch, 0.0
        monkeypatch.setattr(training, "train", self.train)
        monkeypatch.setattr(training, "train_population", self.train_population)
        monkeypatch.setattr(training.time, "perf_counter", lambda: self.clock)

    def train(self, net, params, x, y, **how):
        self.calls.append(how | {"params": params, "net": net, "x": x, "y": y})
        return SimpleNamespace(seconds=self.per_epoch * how["epochs"])

    def train_population(self, net, x, y, seeds, lr, **how):
        self.calls.append(how | {"seeds": list(seeds), "net": net, "x": x, "y": y})
        self.clock += self.per_epoch * how["epochs"]
        assert lr > 0


@pytest.mark.parametrize(
    ("per_epoch", "epochs"), [(1e-3, 20), (0.007, 3), (0.5, 1), (0.0, 20_000)]
)
def test_a_step_is_timed_over_enough_epochs(monkeypatch, per_epoch, epochs):
    seen = Trained(monkeypatch, per_epoch)
    call = training.stepper(CASE, 7, 3, diagnostics=True)
    assert [how["epochs"] for how in seen.calls] == [1, 1]
    assert call() == pytest.approx(per_epoch / 3)  # 24 rows in batches of 8
    assert seen.calls[-1]["epochs"] == epochs
    net = mlp([5, 4, 3])
    for how in seen.calls:
        assert how["net"] == net
        assert how["x"].shape == (24, 5) and how["y"].shape == (24,)
        np.testing.assert_array_equal(how["params"], net.init(7))
        assert (how["batch_size"], how["threads"], how["device"]) == (8, 3, "cpu")
        assert how["diagnostics"] is True


def test_a_population_is_timed_by_the_wall_a_network(monkeypatch):
    seen = Trained(monkeypatch, 0.004)
    call = training.stepper(Case("p", "population", (5, 4, 3), 8, 24, 2), 7, 3)
    # 2 ms a network and epoch, so 10 epochs last the 20 ms of a sample.
    assert call() == pytest.approx(0.002 / 3)
    assert seen.calls[-1]["epochs"] == 10
    for how in seen.calls:
        assert how["seeds"] == [0, 1] and how["threads"] == 3
        assert how["batch_size"] == 8 and how["device"] == "cpu"


def a_grid(*sizes):
    """Entries of a measurement; a step has width * batch multiply-adds."""
    return [
        {
            "width": w,
            "batch": b,
            "network": f"{w} wide",
            "multiply_adds": w * b,
            "seconds": {own_cpu.STEP: [1.0]},
        }
        for w, b in sizes
    ]


@BOTH
def test_this_cpu_is_timed_from_the_smallest_step_on(steppers, settings):
    asked = steppers(own_cpu, lambda case, threads, how: 1e-6)
    grid = a_grid((64, 2), (8, 4), (8, 1))
    grid[0]["seconds"] = {"other": [1.0]}  # nothing to lie beside
    found, left_out = own_cpu.seconds_at(grid, settings, progress := Progress())
    samples = max(10, settings.samples)
    assert left_out == [] and list(found) == [(8, 1), (8, 4)]
    assert found[8, 4] == pytest.approx([2e-6, *[1e-6] * (samples - 1)])
    for (width, batch), (case, seed, threads, how) in zip(
        found, asked.asked, strict=True
    ):
        assert (case.kind, case.sizes) == ("step", (width, width, width, 10))
        assert (case.batch, case.rows) == (batch, own_cpu.STEPS * batch)
        assert (case.name, seed, threads, how) == (f"{width} wide", 7, 3, {})
    assert len(progress.said) == 2 and "8 wide" in progress.said[0]


@pytest.mark.parametrize(("settings", "allowed"), [(SETTINGS, 20.0), (QUICK, 3.0)])
@pytest.mark.parametrize("over", [False, True])
def test_a_step_that_would_take_too_long_is_left_out(steppers, settings, allowed, over):
    """The next has twice as much to do, so it is expected to take twice as long."""
    samples = max(10, settings.samples)
    longest = allowed / own_cpu.STEPS / (samples + 2) / 2
    seconds = longest * (1.001 if over else 0.999)
    steppers(own_cpu, lambda case, threads, how: seconds)
    grid = a_grid((8, 1), (8, 2), (8, 3))
    found, left_out = own_cpu.seconds_at(grid, settings, Progress())
    if not over:
        assert len(found) == 3 and left_out == []
        return
    assert list(found) == [(8, 1)]
    assert left_out == [
        "This machine's CPU was not timed on the 2 largest of 3 sizes, from 8 wide at"
        " batch 2 on: that would have taken too long."
    ]
    _, (one,) = own_cpu.seconds_at(grid[:2], settings, Progress())
    assert "on the largest of 2 sizes" in one


class Watch:
    """A host that was noisy while the block ran."""

    noise = HostNoise(False, ())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.noise = HostNoise(True, ("Others ran.",))


@pytest.fixture
def parts(monkeypatch):
    """`profile` with every part replaced; {part: what it was called with}."""
    notes = {}

    def part(name):
        def measure(settings, *rest):
            notes.setdefault(name, []).append((settings, *rest))
            return f"{name} measured"

        return SimpleNamespace(measure=measure)

    def gpu(*given):
        notes.setdefault("gpu", []).append(given)
        return {"gpu": 1}, "a sentence"

    def compare(case, settings):
        notes.setdefault("compared", []).append((case, settings))
        return {"name": case.name}

    monkeypatch.setattr(study, "OWN", {name: part(name) for name in study.OWN})
    monkeypatch.setattr(study, "updates", part("updates"))
    monkeypatch.setattr(study, "device", SimpleNamespace(measure=gpu))
    monkeypatch.setattr(study, "compare", compare)
    monkeypatch.setattr(study, "HostWatch", Watch)
    monkeypatch.setattr(study, "machine_facts", lambda: {"cpu": "Example 3000"})
    monkeypatch.setattr(study, "available_threads", lambda: 3)
    return notes


@pytest.mark.parametrize("peers", [False, True])
@pytest.mark.parametrize("named", [(), ("64-64-10", "128 x 64-64-10")])
@pytest.mark.parametrize("imported", [None, study.Imported({"m": 1}, "a.json")])
def test_a_profile_puts_together_what_was_asked(
    parts, peers, named, imported, tmp_path
):
    said = []

    def progress(*what):
        said.append(what)

    found = study.profile(SETTINGS, peers, named, progress, imported, tmp_path)
    chosen = list(named or CASES) if peers else []
    assert [case.name for case, _ in parts.get("compared", [])] == chosen
    assert found["cases"] == [{"name": name} for name in chosen]
    assert [text for _, _, text in said] == [
        f"Peers: {CASES[name].label}" for name in chosen
    ]
    assert [what[:2] for what in said] == [(k, len(chosen)) for k in range(len(chosen))]
    for name in study.OWN:
        assert found[name] == (None if named else f"{name} measured")
        assert parts.get(name, []) == ([] if named else [(SETTINGS, progress)])
    beside = peers and not named
    assert found["updates"] == ("updates measured" if beside else None)
    assert parts.get("updates", []) == ([(SETTINGS, progress)] if beside else [])
    asked = bool(imported or not named)
    measurement = imported and imported.measurement
    expected = [(SETTINGS, peers, measurement, progress)] if asked else []
    assert parts.get("gpu", []) == expected
    assert (found["gpu"], found["gpu_missing"]) == (
        ({"gpu": 1}, "a sentence") if asked else (None, None)
    )
    assert (found["schema"], found["kind"]) == (1, "profile")
    assert found["machine"] == {"cpu": "Example 3000"} and found["seconds"] >= 0
    assert found["noise"] == {"noisy": True, "reasons": ("Others ran.",)}
    assert found["settings"] == asdict(SETTINGS) | {
        "dtype": "float32",
        "optimizer": "adam",
    }
    assert bool(found["peers"]) == peers
    words = found["command"]
    assert ("--peers" in words) == peers and ("--import a.json" in words) == bool(
        imported
    )
    assert words.count("--case") == len(named) and str(tmp_path) in words


@pytest.mark.parametrize("threads", [3, 2])
def test_the_command_names_threads_that_are_not_all(parts, threads):
    settings = ProfileSettings(threads, False, 12, 2, 5)
    words = study.command(settings, False, ())
    assert ("--threads 2" in words) == (threads == 2) and "--seed 5" in words
    assert "--quick" not in words and "--peers" not in words
    assert "--quick" in study.command(QUICK, True, ())


@pytest.mark.parametrize("there", [False, True])
def test_peers_are_told_installed_or_not(monkeypatch, there):
    peer = SimpleNamespace(
        label="A label", family="a family", distribution="a-package", available=there
    )
    peers = {"one": SimpleNamespace(PEER=peer), study.OURS: None}
    monkeypatch.setattr(study, "PEERS", peers)
    monkeypatch.setattr(study, "package_version", lambda name: f"{name} 1.2")
    (found,) = study.peer_facts()
    reason = found.pop("reason")
    assert found == {
        "name": "one",
        "label": "A label",
        "family": "a family",
        "version": "a-package 1.2",
        "available": there,
    }
    assert (reason is None) == there
    assert there or reason.startswith("a-package is not installed; pip install")
