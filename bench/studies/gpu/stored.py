"""A measurement of a GPU that was written to a file, read and checked."""

import json
from pathlib import Path
from typing import Any

from ...errors import BadData

SCHEMA = "gradclinic gpu 1"
_HOW = "; write one by bench/gpu.sh on a machine with a GPU"
_MACHINE = ("machine", "gpu", "date")
# Entries of each list, and the keys that they must have.
_ENTRIES = {
    "grid": ("width", "batch", "network", "seconds"),
    "populations": ("networks", "network", "seconds"),
    "kernels": ("name", "seconds", "flops", "bytes"),
    "products": ("size", "own"),
    "updates": ("optimizer", "parameters", "bytes", "seconds"),
    "peers": ("network", "batch", "name", "seconds"),
}


def load(path: Path) -> dict[str, Any]:
    """The measurement in a file. Raises BadData with one sentence."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "it fails").lower()
        raise BadData(f"{path} cannot be read: {reason}.") from error
    except ValueError as error:
        raise BadData(f"{path} is not JSON: {error}{_HOW}.") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        found = content.get("schema") if isinstance(content, dict) else None
        said = f"its schema is {found!r}" if found else "it names no schema"
        raise BadData(f"{path} is no measurement of a GPU: {said}, not {SCHEMA!r}.")
    if problem := _problem(content):
        raise BadData(f"{path} is not a whole measurement of a GPU: {problem}{_HOW}.")
    return content


def _problem(content: dict) -> str | None:
    """What is wrong with it, in words."""
    machine = content.get("measured_on")
    if not isinstance(machine, dict) or any(not machine.get(k) for k in _MACHINE):
        return f"measured_on must tell {', '.join(_MACHINE)}"
    for name, keys in _ENTRIES.items():
        entries = content.get(name, [])
        if not isinstance(entries, list):
            return f"{name} must be a list"
        for number, entry in enumerate(entries, start=1):
            absent = [k for k in keys if not isinstance(entry, dict) or k not in entry]
            if absent:
                return f"entry {number} of {name} has no {absent[0]}"
            if not _are_times(entry):
                return f"entry {number} of {name} has times that are not above 0"
    return None


def _are_times(entry: dict) -> bool:
    """Is all that should be seconds a number above 0?"""
    found = [entry.get(key) for key in ("own", "cublas", "seconds", "to_target")]
    lists = [v for each in found for v in (each.values() if isinstance(each, dict)
                                           else [each])]  # fmt: skip
    return all(
        isinstance(times, list)
        and all(isinstance(t, int | float) and 0 < t < float("inf") for t in times)
        for times in lists
        if times is not None
    )
