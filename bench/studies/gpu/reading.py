"""What a measurement of a GPU says: ratios with verdicts, crossover, break-even."""

import math
from typing import Any

import numpy as np

from ...measurement.timing import MIN_SAMPLES, ratio_interval
from .crossover import crossovers

CPU, GPU, WHOLE = "cpu all threads", "gpu step", "gpu with transfers"
HERE = "this machine's cpu"


def reading(measurement: dict, seed: int = 0) -> dict[str, Any]:
    """All that follows from a measurement, plain data."""
    grid = measurement.get("grid", [])
    beside = any(HERE in entry["seconds"] for entry in grid)
    return {
        "grid": [_entry(entry) for entry in grid],
        "populations": [_population(e) for e in measurement.get("populations", [])],
        "crossover": crossovers(grid, CPU, GPU, seed),
        "crossover_here": crossovers(grid, HERE, GPU, seed) if beside else [],
        "kernels": _kernels(measurement),
        "updates": [_update(measurement, e) for e in measurement.get("updates", [])],
        "products": [_product(entry) for entry in measurement.get("products", [])],
        "peers": _peers(measurement),
    }


def times(samples) -> float | None:
    """The median of samples; None where there are none."""
    return float(np.median(samples)) if samples else None


def ratio(reference, candidate) -> dict | None:
    """{ratio, low, high, verdict} of times, above 1 where the candidate is faster.

    Without an interval and undecided where there are fewer samples than the test needs;
    None where one has none.
    """
    if not reference or not candidate:
        return None
    count = min(len(reference), len(candidate))
    if count < MIN_SAMPLES:
        value = float(np.median(reference) / np.median(candidate))
        verdict = "no difference shown"
        return {"ratio": value, "low": None, "high": None, "verdict": verdict}
    found = ratio_interval(np.array(reference[:count]), np.array(candidate[:count]))
    return {
        "ratio": found.speedup, "low": found.low, "high": found.high,
        "verdict": found.verdict,
    }  # fmt: skip


def _entry(entry: dict) -> dict:
    """A network and batch of the grid."""
    seconds = entry["seconds"]
    target = entry.get("to_target") or {}
    return {
        **{k: entry.get(k) for k in ("network", "width", "batch", "bytes_device")},
        "compile_seconds": entry.get("compile_seconds"),
        "times": {name: times(samples) for name, samples in seconds.items()},
        "ratio": ratio(seconds.get(CPU), seconds.get(GPU)),
        "whole": ratio(seconds.get(CPU), seconds.get(WHOLE)),
        "here": ratio(seconds.get(HERE), seconds.get(GPU)),
        "target": ratio(target.get(CPU), target.get("gpu")),
        "target_times": {name: times(samples) for name, samples in target.items()},
        "break_even": break_even(entry),
    }


def break_even(entry: dict) -> float | None:
    """After how many trainings the compilation for the GPU has paid off.

    A training is one of the measurement's short ones, its transfers included. None
    where a run on the GPU is no shorter, or something was not measured.
    """
    cpu, gpu = (times(entry["seconds"].get(name)) for name in (CPU, WHOLE))
    once, steps = entry.get("compile_seconds"), entry.get("training_steps")
    if cpu is None or gpu is None or once is None or not steps or gpu >= cpu:
        return None
    return float(math.ceil(once / (steps * (cpu - gpu))))


def _population(entry: dict) -> dict:
    seconds = entry["seconds"]
    return {
        **{k: entry.get(k) for k in ("network", "networks", "batch", "shared_memory")},
        "times": {name: times(samples) for name, samples in seconds.items()},
        "ratio": ratio(seconds.get(CPU), seconds.get("gpu")),
    }


def _kernels(measurement: dict) -> list[dict]:
    """Kernels with the share of the roof that they reach, the slowest first."""
    ceilings, found = measurement.get("ceilings") or {}, []
    for entry in measurement.get("kernels", []):
        seconds = times(entry["seconds"])
        if seconds:
            found.append({
                **{k: v for k, v in entry.items() if k != "seconds"},
                "median": seconds, "share": share_of_roof(entry, seconds, ceilings),
            })  # fmt: skip
    return sorted(found, key=lambda entry: -entry["median"])


def share_of_roof(entry: dict, seconds: float, ceilings: dict) -> float | None:
    """Of the speed that measured ceilings allow a kernel: Williams et al. (2009)."""
    copy = ceilings.get("copy_bytes_per_s")
    peaks = [ceilings.get(f"{name}_flops_per_s") for name in ("own", "cublas")]
    peak = max((each for each in peaks if each), default=None)
    least = []
    if copy:
        least.append(entry["bytes"] / copy)
    if peak:
        least.append(entry["flops"] / peak)
    return max(least) / seconds if least else None


def _update(measurement: dict, entry: dict) -> dict:
    seconds = times(entry["seconds"])
    copy = (measurement.get("ceilings") or {}).get("copy_bytes_per_s")
    rate = entry["bytes"] / seconds if seconds else None
    return {
        "optimizer": entry["optimizer"], "parameters": entry["parameters"],
        "median": seconds, "rate": rate,
        "share": rate / copy if rate and copy else None,
    }  # fmt: skip


def _product(entry: dict) -> dict:
    """Rates of our product and of cuBLAS, operations a second."""
    flops = 2.0 * math.prod(entry["size"])
    own, cublas = times(entry["own"]), times(entry.get("cublas"))
    return {
        "size": entry["size"],
        "own": flops / own if own else None,
        "cublas": flops / cublas if cublas else None,
        "ratio": ratio(entry.get("cublas"), entry["own"]),
    }


def _peers(measurement: dict) -> list[dict]:
    """Peers beside our own time of the same work, which is a peer of that name."""
    entries = measurement.get("peers", [])
    own = {_work(e): e["seconds"] for e in entries if e["name"] == "gradclinic"}
    return [
        {
            **{k: entry.get(k) for k in ("network", "batch", "networks", "name")},
            "median": times(entry["seconds"]),
            "ratio": None if entry["name"] == "gradclinic"
            else ratio(entry["seconds"], own.get(_work(entry))),
        }
        for entry in entries
    ]  # fmt: skip


def _work(entry: dict) -> tuple:
    return entry["network"], entry["batch"], entry.get("networks", 1)
