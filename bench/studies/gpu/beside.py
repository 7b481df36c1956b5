"""This machine's processor on the work of a GPU that was measured elsewhere."""

import copy
import time

from ...progress import Report
from .processes import cpu_process, seconds_of
from .reading import CPU, HERE

# A row is measured only if an epoch takes at most this much, and all together so long.
MOST_EPOCH, MOST_SECONDS = 2.0, 90.0


def beside(measurement: dict, threads: int, seed: int, progress: Report) -> dict:
    """A copy of a measurement with the row `HERE` in its grid; smallest steps first.

    What would take too long is left without it, and said in `left_out_here`.
    """
    content = copy.deepcopy(measurement)
    entries = sorted(content.get("grid", []), key=lambda entry: _work_of(entry))
    until, late = time.monotonic() + MOST_SECONDS, []
    with cpu_process() as held:
        for done, entry in enumerate(entries):
            label = f"{entry['network']}, batch {entry['batch']}"
            progress(done, len(entries), f"This processor: {label}")
            if time.monotonic() > until or not _measure(held, entry, threads, seed):
                late.append(label)
    content["left_out_here"] = late
    return content


def _work_of(entry: dict) -> float:
    return entry.get("multiply_adds") or entry["width"] ** 2 * entry["batch"]


def _measure(held, entry: dict, threads: int, seed: int) -> bool:
    """Add the row; False where it took too long, or could not be measured."""
    samples = len(entry["seconds"].get("gpu step") or entry["seconds"].get(CPU) or [])
    sizes = [int(size) for size in entry["network"].split("-")]
    request = {
        "peer": "gradclinic_kernels", "kind": "step", "sizes": sizes,
        "batch": entry["batch"], "rows": 4 * entry["batch"], "networks": 1,
        "threads": threads, "seed": seed,
    }  # fmt: skip
    if held.ask("prepare", HERE, request).get("reason"):
        return False
    found = seconds_of(held.ask("sample", HERE))
    if not found or 4 * found[0] > MOST_EPOCH:
        held.ask("forget")
        return False
    for _ in range(samples - 1):
        found += seconds_of(held.ask("sample", HERE))
    held.ask("forget")
    entry["seconds"][HERE] = found
    return True
