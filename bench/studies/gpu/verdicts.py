"""What a measurement of a GPU says: ratios with verdicts, crossings, ceilings reached.

Ratios are times as fast as the CPU: above one the GPU takes less time. Verdicts are
those of `measurement.timing`, and only of samples taken in turns on one machine.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

import numpy as np

from ...measurement.timing import compared, times
from .ceilings_reached import reached
from .crossover import crossover, ratio_band

CPU = ("cpu one thread", "cpu all threads")
GPU = ("gpu kernels", "gpu step", "gpu with transfers")
# What "from which size on" is asked of: all that a training does for a step.
STEP = "gpu step"
OURS = "gradclinic"  # as a peer's name


def judged(measurement: dict, own_cpu: Mapping[tuple[int, int], list] | None = None):
    """A measurement as plain data for a page.

    own_cpu: {(width, batch): seconds} of the CPU of this machine, where the measurement
    is another machine's. Its ratios have a place of their own, under `here`.
    """
    rows = [_row(entry) for entry in measurement["grid"]]
    return {
        "measured_on": measurement["measured_on"],
        "quick": measurement["quick"],
        "dtype": measurement["dtype"],
        "tests": measurement.get("tests"),
        "rows": rows,
        "crossings": crossings(measurement["grid"], _step_pair),
        "populations": _populations(measurement["populations"]),
        **reached(measurement, rows),
        "products": [_product(entry) for entry in measurement["products"]],
        "peers": _peers(measurement["peers"]),
        "memory": measurement["memory"],
        "energy": measurement["energy"],
        "left_out": measurement["left_out"],
        "here": None if own_cpu is None else _beside_own(measurement["grid"], own_cpu),
    }


def fastest_cpu(entry: dict) -> str | None:
    """Name of the CPU row that takes less time; None where there is neither."""
    found = {name: entry["seconds"].get(name) for name in CPU}
    known = {name: np.median(seconds) for name, seconds in found.items() if seconds}
    return min(known, key=lambda name: known[name]) if known else None


def _row(entry: dict) -> dict:
    """A network and batch: all times, and each GPU row against the faster CPU row."""
    cpu = fastest_cpu(entry)
    seconds = entry["seconds"]
    reference = seconds[cpu] if cpu else []
    names = ("width", "batch", "network", "parameters", "multiply_adds")
    return {
        **{name: entry[name] for name in names},
        "times": {name: times(seconds.get(name)) for name in (*CPU, "BLAS", *GPU)},
        "cpu": cpu,
        "ratios": {name: compared(reference, seconds.get(name, [])) for name in GPU},
        "to_target": _to_target(entry),
        "break_even": break_even(entry),
        "compile_seconds": entry.get("compile_seconds"),
        "bytes_device": entry.get("bytes_device"),
    }


def _to_target(entry: dict) -> dict | None:
    """Whole trainings to the same loss; None where there were none."""
    found = entry.get("to_target")
    if not found or not found["gpu"] or not found["cpu all threads"]:
        return None
    cpu, gpu = found["cpu all threads"], found["gpu"]
    return {
        "steps": entry.get("steps_to_target"),
        "cpu": times(cpu),
        "gpu": times(gpu),
        **(compared(cpu, gpu) or {}),
    }


def break_even(entry: dict) -> dict | None:
    """How many trainings it takes until those on the GPU have paid for its compilation.

    A training is one to the target loss where that was measured, else a short one with
    its transfers. runs: None where each takes longer on the GPU, so that none ever
    pays; the whole is None where a part was not measured.
    """
    compiled, cpu = entry.get("compile_seconds"), fastest_cpu(entry)
    target = entry.get("to_target")
    if target and target["gpu"] and target["cpu all threads"]:
        steps, of = entry.get("steps_to_target"), "training to the target loss"
        gain = np.median(target["cpu all threads"]) - np.median(target["gpu"])
    else:
        steps, of = entry.get("training_steps"), "short training"
        gpu = entry["seconds"].get("gpu with transfers")
        if cpu is None or not gpu or not steps:
            return None
        gain = steps * (np.median(entry["seconds"][cpu]) - np.median(gpu))
    if compiled is None:
        return None
    runs = max(1, ceil(compiled / gain)) if gain > 0 else None
    return {"runs": runs, "steps": steps, "of": of, "gain_seconds": float(gain)}


def crossings(grid: Iterable[dict], pair) -> list[dict]:
    """The crossover in the width, a batch an entry. pair(entry): (CPU's, GPU's)."""
    by_batch: dict[int, dict] = {}
    for entry in grid:
        by_batch.setdefault(entry["batch"], {})[entry["width"]] = pair(entry)
    return [
        {"batch": batch, **crossover(by_batch[batch])} for batch in sorted(by_batch)
    ]


def _step_pair(entry: dict) -> tuple[list, list]:
    cpu = fastest_cpu(entry)
    return (entry["seconds"][cpu] if cpu else []), entry["seconds"].get(STEP, [])


def _populations(entries: Iterable[dict]) -> list[dict]:
    """A kind of network an item: its counts with verdicts, and where the GPU wins."""
    kinds: dict[tuple, list] = {}
    for entry in entries:
        kinds.setdefault((entry["network"], entry["batch"]), []).append(entry)
    found = []
    for (network, batch), group in kinds.items():
        pairs = {e["networks"]: _population_pair(e) for e in group}
        rows = [_population(e) for e in sorted(group, key=lambda e: e["networks"])]
        found.append(
            {
                "network": network,
                "batch": batch,
                "rows": rows,
                "crossing": crossover(pairs),
            }
        )
    return found


def _population_pair(entry: dict) -> tuple[list, list]:
    return tuple(entry["seconds"].get(name, []) for name in ("cpu all threads", "gpu"))


def _population(entry: dict) -> dict:
    cpu, gpu = _population_pair(entry)
    return {
        "networks": entry["networks"],
        "shared_memory": entry["shared_memory"],
        "cpu": times(cpu),
        "gpu": times(gpu),
        "compared": compared(cpu, gpu),
    }


def _product(entry: dict) -> dict:
    """Ours against cuBLAS; a ratio below one is a loss of ours."""
    own, cublas = entry["own"], entry["cublas"] or []
    m, n, k = entry["size"]
    return {
        "size": entry["size"],
        "own": times(own),
        "cublas": times(cublas),
        "flops": 2.0 * m * n * k,
        "compared": compared(cublas, own),
    }


def _peers(entries: Iterable[dict]) -> list[dict]:
    """A piece of work an item: every library's time, the fastest first, and ours."""
    work: dict[tuple, dict] = {}
    for entry in entries:
        if entry["seconds"]:
            key = entry["network"], entry["batch"], entry["networks"]
            work.setdefault(key, {})[entry["name"]] = entry["seconds"]
    found = []
    for (network, batch, networks), rows in work.items():
        ours = rows.get(OURS, [])
        lines: list[dict[str, Any]] = [
            {
                "name": name,
                "times": times(seconds),
                "compared": None if name == OURS else compared(seconds, ours),
            }
            for name, seconds in rows.items()
        ]
        lines.sort(key=lambda line: line["times"]["seconds"])
        found.append(
            {
                "network": network,
                "batch": batch,
                "networks": networks,
                "rows": lines,
            }
        )
    return found


def _beside_own(grid: Iterable[dict], own_cpu: Mapping[tuple[int, int], list]) -> dict:
    """The same GPU against this machine's CPU: ratios and bands, but no verdicts.

    The two were never timed in turns, so nothing that slowed one down is shared.
    """
    rows, known = [], []
    for entry in grid:
        cpu, gpu = (
            own_cpu.get((entry["width"], entry["batch"]), []),
            _step_pair(entry)[1],
        )
        if not cpu or not gpu:
            continue
        low, high = ratio_band(cpu, gpu)
        ratio = float(np.median(cpu) / np.median(gpu))
        known.append((entry, cpu, gpu))
        rows.append(
            {
                "width": entry["width"],
                "batch": entry["batch"],
                "cpu": times(cpu),
                "ratio": ratio,
                "low": low,
                "high": high,
            }
        )
    pairs = {(e["width"], e["batch"]): (cpu, gpu) for e, cpu, gpu in known}
    shared = [entry for entry, _, _ in known]
    return {
        "rows": rows,
        "crossings": crossings(shared, lambda e: pairs[e["width"], e["batch"]]),
    }
