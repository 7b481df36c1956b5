"""Kernels compiled before the tests, and their order; a measurement of a GPU.

The crossover of that measurement is known, and no time in it was measured.
"""

import numpy as np
import pytest
from gradclinic.bench.execution import warm
from gradclinic.kernels import device

# Files that take longest, which begin first, each in one process.
LONGEST = (
    "test_simulator",
    "test_layers",
    "test_suite",
    "test_made_up",
    "test_study",
    "test_parity",
    "test_cache",
    "test_warm",
    "test_command",
    "test_study_pages",
    "test_suite_pages",
)

WIDTHS, BATCHES = (32, 128, 512, 2048), (32, 256)
# A step on the CPU takes a w^2, on the GPU b w^1: they meet at w = b / a.
CROSSOVERS = {32: 600.0, 256: 90.0}
NETWORKS, NETWORKS_AT = (16, 64, 256, 1024), 100.0
MEASURED_ON = {
    "machine": "Linux-6.1-x86_64 (made up)",
    "cpu": "Example 9000",
    "cores": 16,
    "gpu": "Example H1 (made up)",
    "driver": "580.1",
    "capability": "9.0",
    "multiprocessors": 132,
    "memory_bytes": 80_000_000_000,
    "date": "2026-03-04",
    "versions": {"python": "3.11.9", "numba-cuda": "0.30.4"},
    "simulated": False,
}


def noisy(seconds, rng, samples, noise):
    return (seconds * np.exp(noise * rng.standard_normal(samples))).tolist()


def a_point(width, batch, at, rng, samples, noise):
    def draw(seconds):
        return noisy(seconds, rng, samples, noise)

    gpu = 1e-4 * width / 32
    cpu = gpu * width / at
    parameters = 2 * (width + 1) * width + 10 * (width + 1)
    return {
        "width": width,
        "batch": batch,
        "network": f"{width}-{width}-{width}-10",
        "parameters": parameters,
        "multiply_adds": batch * (5 * width * width + 30 * width),
        "training_steps": 80,
        "compile_seconds": 12.0,
        "bytes_device": 16 * parameters,
        "seconds": {
            "cpu one thread": draw(6 * cpu),
            "cpu all threads": draw(cpu),
            "BLAS": draw(2 * cpu),
            "gpu kernels": draw(0.8 * gpu),
            "gpu step": draw(gpu),
            "gpu with transfers": draw(1.2 * gpu),
        },
        "steps_to_target": 160,
        "to_target": {"cpu all threads": draw(160 * cpu), "gpu": draw(200 * gpu)},
    }


def a_population(networks, rng, samples, noise):
    gpu = 1e-6 * 64 / networks
    cpu = 1e-6 * 64 / NETWORKS_AT
    return {
        "networks": networks,
        "network": "2-32-32-1",
        "batch": 32,
        "shared_memory": networks < 1000,
        "seconds": {
            "cpu all threads": noisy(cpu, rng, samples, noise),
            "gpu": noisy(gpu, rng, samples, noise),
        },
    }


def a_kernel(name, flops, moved, seconds):
    return {
        "name": name,
        "dtype": "float32",
        "registers": 96,
        "shared_bytes": 16384,
        "threads": 256,
        "occupancy": 0.25,
        "seconds": [seconds] * 5,
        "flops": flops,
        "bytes": moved,
        "size": "1024 x 1024 x 1024",
    }


def a_measurement(seed=0, samples=12, noise=0.02, crossovers=CROSSOVERS):
    """All there can be. crossovers: {batch: width from which on the GPU is faster}."""
    rng = np.random.default_rng(seed)
    how = rng, samples, noise
    peers = {
        "PyTorch eager": 3.0,
        "JAX scan": 1.5,
        "gradclinic": 1.0,
        "PyTorch CUDA graph": 0.8,
    }
    return {
        "schema": "gradclinic gpu 1",
        "measured_on": dict(MEASURED_ON),
        "quick": False,
        "dtype": "float32",
        "grid": [
            a_point(width, batch, at, *how)
            for width in WIDTHS
            for batch, at in crossovers.items()
        ],
        "populations": [a_population(count, *how) for count in NETWORKS],
        "kernels": [
            a_kernel("matmul.product[large]", 2.0 * 1024**3, 12e6, 1e-4),
            a_kernel("rows.gather", 0.0, 8e6, 4e-6),
        ],
        "ceilings": {
            "copy_bytes_per_s": 4e12,
            "own_flops_per_s": 3e13,
            "cublas_flops_per_s": 5e13,
            "cpu_flops_per_s": 1e12,
            "cpu_bytes_per_s": 1e11,
        },
        "products": [
            {
                "size": [1024, 1024, 1024],
                "own": noisy(7e-5, *how),
                "cublas": noisy(5e-5, *how),
            },
            {"size": [128, 512, 784], "own": noisy(1e-5, *how), "cublas": None},
        ],
        "updates": [
            {
                "optimizer": "adam",
                "parameters": 100_000_000,
                "bytes": 2_800_000_000,
                "seconds": noisy(8e-4, *how),
            },
        ],
        "memory": {
            "device_total": 80_000_000_000,
            "device_free": 60_000_000_000,
            "host_peak": 2_000_000_000,
        },
        "energy": {
            "joules_per_step": 0.031,
            "watts": 310.0,
            "network": "784-512-512-10, batch 128",
        },
        "peers": [
            {
                "network": "784-512-512-10",
                "batch": 128,
                "networks": 1,
                "name": name,
                "seconds": noisy(5e-5 * times, *how),
            }
            for name, times in peers.items()
        ],
        "left_out": ["kernels: 40 others are not timed."],
    }


@pytest.fixture(autouse=True)
def no_gpu_is_lost(monkeypatch):
    """What a test does to its GPU is not what the next one finds."""
    monkeypatch.setattr(device, "_lost", [])


@pytest.fixture
def make_measurement():
    """`a_measurement`: a function to a fresh measurement, whole and valid."""
    return a_measurement


@pytest.fixture
def known_crossovers():
    """{batch: width} at which the made measurement crosses."""
    return CROSSOVERS


def pytest_sessionstart(session):
    """Compile once, on all cores, what each process would compile for itself."""
    several = getattr(session.config.option, "numprocesses", None)
    if several and not hasattr(session.config, "workerinput"):
        say = session.config.get_terminal_writer().line
        if warm.is_cold():
            warm.warm(lambda done, total, text: say(text))


def pytest_collection_modifyitems(items):
    """The longest first."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))
