"""A measurement of a GPU that was stored as JSON: read, and checked before it is used.

Files come from other machines and may be cut off, edited or of another version.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import BadData, from_system

SCHEMA = "gradclinic gpu 1"
_AGAIN = "measure again by bench/gpu.sh"


class Number:
    """A finite number of at least `least`; `none`: null is one, too."""

    def __init__(self, least: float = 0.0, none: bool = False, whole: bool = False):
        self.least, self.none, self.whole = least, none, whole

    def fault(self, value: Any) -> str | None:
        if value is None and self.none:
            return None
        kinds = int if self.whole else int | float
        if isinstance(value, bool) or not isinstance(value, kinds):
            return "is no whole number" if self.whole else "is no number"
        if not math.isfinite(value) or value < self.least:
            return f"is {value}, which cannot be"
        return None


class Samples:
    """A list of positive seconds, which may be empty; `none`: or null."""

    def __init__(self, none: bool = False):
        self.none = none

    def fault(self, value: Any) -> str | None:
        if value is None and self.none:
            return None
        if not isinstance(value, list):
            return "is no list of seconds"
        wrong = [v for v in value if Number().fault(v) or v == 0]
        return f"holds {wrong[0]!r}, which is no time" if wrong else None


_COUNT, _NAME = Number(1, whole=True), str
_TIMES = ("cpu one thread", "cpu all threads", "BLAS", "gpu kernels", "gpu step",
          "gpu with transfers")  # fmt: skip
# {key: what it holds}; a key that ends in "?" may be absent, [x] is a list of x.
_SHAPE = {
    "measured_on": {
        "machine": _NAME, "cpu": _NAME, "cores": _COUNT, "gpu": _NAME, "driver": _NAME,
        "capability": _NAME, "multiprocessors": Number(), "memory_bytes": Number(),
        "date": _NAME, "versions": {}, "simulated": bool,
    },
    "quick": bool,
    "dtype": _NAME,
    "grid": [{
        "width": _COUNT, "batch": _COUNT, "network": _NAME, "parameters": _COUNT,
        "multiply_adds": _COUNT, "seconds": {f"{name}?": Samples() for name in _TIMES},
        "compile_seconds?": Number(none=True), "bytes_device?": Number(none=True),
        "steps_to_target?": Number(none=True), "training_steps?": _COUNT,
        "to_target?": ({"cpu all threads": Samples(), "gpu": Samples()}, None),
    }],
    "populations": [{
        "networks": _COUNT, "network": _NAME, "batch": _COUNT, "shared_memory": bool,
        "seconds": {"cpu all threads?": Samples(), "gpu?": Samples()},
    }],
    "kernels": [{
        "name": _NAME, "dtype": _NAME, "registers": Number(), "threads": Number(),
        "shared_bytes": Number(), "occupancy": Number(none=True),
        "seconds": Samples(), "flops": Number(), "bytes": Number(), "size": _NAME,
    }],
    "ceilings": {f"{name}?": Number(none=True) for name in (
        "copy_bytes_per_s", "own_flops_per_s", "cublas_flops_per_s",
        "cpu_flops_per_s", "cpu_bytes_per_s",
    )},
    "products": [{"size": [_COUNT], "own": Samples(), "cublas": Samples(none=True)}],
    "updates": [{
        "optimizer": _NAME, "parameters": _COUNT, "bytes": _COUNT, "seconds": Samples(),
    }],
    "memory": {f"{name}?": Number(none=True) for name in (
        "device_total", "device_free", "host_peak",
    )},
    "energy": ({
        "joules_per_step": Number(), "watts": Number(), "network": _NAME,
    }, None),
    "peers": [{
        "network": _NAME, "batch": _COUNT, "name": _NAME, "networks": _COUNT,
        "seconds": Samples(),
    }],
    "left_out": [_NAME],
}  # fmt: skip
_KINDS = {str: "text", bool: "true or false"}


def load(path: Path) -> dict[str, Any]:
    """The measurement in a file. Raises BadData, or ResourceUnavailable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise from_system(error) from error
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not whole JSON ({error}): {_AGAIN}.") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise BadData(f"{path} {_not_ours(content)}")
    for fault in faults(content):
        raise BadData(f"{path} cannot be used: {fault}; {_AGAIN}.")
    return content


def _not_ours(content: Any) -> str:
    schema = content.get("schema") if isinstance(content, dict) else None
    if isinstance(schema, str) and schema.startswith("gradclinic gpu "):
        return f"has schema '{schema}', and only '{SCHEMA}' can be read: {_AGAIN}."
    return f"is not a measurement of a GPU, as bench/gpu.sh writes it: {_AGAIN}."


def faults(content: dict) -> Iterator[str]:
    """What is wrong with a measurement, a phrase each."""
    yield from _faults(content, _SHAPE, "")


def _faults(value: Any, shape: Any, place: str) -> Iterator[str]:
    if isinstance(shape, tuple):  # a shape, or null
        if value is not None:
            yield from _faults(value, shape[0], place)
    elif isinstance(shape, dict):
        yield from _in_dict(value, shape, place)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, item in enumerate(value):
            yield from _faults(item, shape[0], f"{place}[{number}]")
    elif isinstance(shape, type):
        if not isinstance(value, shape):
            yield f"{place} is not {_KINDS[shape]}"
    elif fault := shape.fault(value):
        yield f"{place} {fault}"


def _in_dict(value: Any, shape: dict, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    for key, inner in shape.items():
        name = key.rstrip("?")
        here = f"{place}.{name}" if place else name
        if name in value:
            yield from _faults(value[name], inner, here)
        elif name == key:
            yield f"{here} is missing"
