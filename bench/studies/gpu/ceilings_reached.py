"""How near a GPU's kernels, updates and steps come to the measured ceilings.

What can be reached at an intensity (operations a byte) is the roofline's min(peak,
bandwidth x intensity): Williams, Waterman & Patterson (2009).
"""

from typing import Any

import numpy as np


def reached(measurement: dict, rows: list[dict]) -> dict[str, Any]:
    """`ceilings`, `points` (steps of both), `kernels` and `updates` with their shares.

    A share is None where the ceiling, or a time, was not measured.
    """
    ceilings = ceilings_of(measurement["ceilings"])
    copy = ceilings["gpu"]["bytes_per_s"]
    return {
        "ceilings": ceilings,
        "points": _points(rows, ceilings),
        "kernels": [_kernel(e, ceilings["gpu"]) for e in measurement["kernels"]],
        "updates": [_update(entry, copy) for entry in measurement["updates"]],
    }


def ceilings_of(found: dict) -> dict[str, dict]:
    """Operations and bytes a second, of the GPU and of its machine's CPU.

    The GPU's operations are those of the faster large matrix product, ours or
    cuBLAS's: no rate of bare arithmetic is measured.
    """
    products = {
        "ours": found.get("own_flops_per_s"),
        "cuBLAS": found.get("cublas_flops_per_s"),
    }
    known = {name: rate for name, rate in products.items() if rate}
    best = max(known, key=lambda name: known[name]) if known else None
    return {
        "gpu": {
            "flops_per_s": known[best] if best else None,
            "product": best,
            "own_flops_per_s": products["ours"],
            "bytes_per_s": found.get("copy_bytes_per_s"),
        },
        "cpu": {
            "flops_per_s": found.get("cpu_flops_per_s"),
            "bytes_per_s": found.get("cpu_bytes_per_s"),
        },
    }


def share_of(flops: float, moved: float, seconds: float, ceiling: dict) -> dict:
    """{share, bound}: of what can be reached; bound: `arithmetic` or `memory`.

    The least time is what the slower of the two takes: max(flops / peak, bytes / rate).
    """
    peak, rate = ceiling["flops_per_s"], ceiling["bytes_per_s"]
    if (flops and not peak) or (moved and not rate) or not (flops or moved):
        return {"share": None, "bound": None}
    arithmetic = flops / peak if flops else 0.0
    memory = moved / rate if moved else 0.0
    bound = "arithmetic" if arithmetic > memory else "memory"
    return {"share": max(arithmetic, memory) / seconds, "bound": bound}


def _kernel(entry: dict, ceiling: dict) -> dict:
    names = ("name", "dtype", "registers", "shared_bytes", "threads", "occupancy")
    seconds = float(np.median(entry["seconds"])) if entry["seconds"] else None
    share: dict[str, Any] = {"share": None, "bound": None}
    if seconds:
        share = share_of(entry["flops"], entry["bytes"], seconds, ceiling)
    return {
        **{name: entry[name] for name in names},
        "size": entry["size"],
        "seconds": seconds,
        **share,
    }


def _update(entry: dict, copy: float | None) -> dict:
    seconds = float(np.median(entry["seconds"])) if entry["seconds"] else None
    rate = entry["bytes"] / seconds if seconds else None
    return {
        "optimizer": entry["optimizer"],
        "parameters": entry["parameters"],
        "seconds": seconds,
        "bytes_per_s": rate,
        "share": rate / copy if rate and copy else None,
    }


def _points(rows: list[dict], ceilings: dict) -> list[dict]:
    """The narrowest, middle and widest network at the largest batch, on both."""
    largest = max((row["batch"] for row in rows), default=None)
    ladder = sorted(
        (row for row in rows if row["batch"] == largest), key=lambda r: r["width"]
    )
    chosen = {k: ladder[k] for k in (0, len(ladder) // 2, len(ladder) - 1) if ladder}
    points = []
    for row in chosen.values():
        # As `profile.roofline.traffic`: Adam's bytes a parameter, and the rows.
        moved = 28 * row["parameters"] + 4 * row["batch"] * row["width"]
        for device, name in (("cpu", row["cpu"]), ("gpu", "gpu step")):
            found = row["times"].get(name) if name else None
            if found:
                flops, seconds = 2.0 * row["multiply_adds"], found["seconds"]
                points.append(
                    {
                        "device": device,
                        "network": row["network"],
                        "batch": row["batch"],
                        "intensity": flops / moved,
                        "flops_per_s": flops / seconds,
                        **share_of(flops, moved, seconds, ceilings[device]),
                    }
                )
    return points
