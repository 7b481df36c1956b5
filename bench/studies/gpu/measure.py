"""A measurement of a GPU beside its machine's CPU, as plain data."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ....kernels.cuda.errors import device_errors
from ....kernels.device import DeviceError
from .budget import Budget
from .settings import GpuSettings

SCHEMA = "gradclinic gpu 1"
# Each part's share of the time, and what it has while nothing is measured. The order:
# what others read comes first, then what tells most.
PARTS: dict[str, tuple[float, Any]] = {
    "products": (20, []),
    "ceilings": (15, {}),
    "updates": (10, []),
    "populations": (55, []),
    "grid": (110, []),
    "peers": (75, []),
    "kernels": (25, []),
    "energy": (8, None),
    "memory": (2, {}),
}
Say = Callable[[str], None]


def measure(
    settings: GpuSettings, say: Say = print, keep: Callable[[dict], None] | None = None
) -> dict:
    """All parts, of the schema `SCHEMA`.

    say: is told of each part in a sentence; keep: is given what there is after each.
    A part that fails is named in `left_out` and the next one goes on. Raises
    DeviceError where the GPU cannot be used, or fails; what was measured until then
    has been given to keep.
    """
    keep = keep or (lambda content: None)
    content = {"schema": SCHEMA, "quick": settings.quick, "dtype": "float32"}
    content |= {name: empty for name, (_, empty) in PARTS.items()}
    left_out: list[str] = []
    content |= {"left_out": left_out}
    budget = Budget(
        settings.seconds, {name: share for name, (share, _) in PARTS.items()}
    )
    with device_errors():
        from .machine import measured_on

        content["measured_on"] = measured_on(settings)
    for name in PARTS:
        part, began = budget.part(name, content), time.perf_counter()
        say(f"{name}: {part.seconds:.0f} s at most, if nothing is to be compiled.")
        try:
            content[name] = _measured(name, settings, part)
        except DeviceError as error:
            left_out.append(f"{name}, and all parts behind it: {error}")
            keep(content)
            raise
        left_out += part.left_out
        say(f"{name}: measured in {time.perf_counter() - began:.1f} s.")
        keep({**content, "left_out": left_out + _not_reached(budget)})
    return content


def _not_reached(budget: Budget) -> list[str]:
    """A sentence on the parts to come, for what is kept until they are measured."""
    return [f"Not reached: {', '.join(budget.shares)}."] if budget.shares else []


def _measured(name: str, settings: GpuSettings, part) -> Any:
    """What a part gives; what it has while nothing is measured, where it fails."""
    try:
        with device_errors():
            return import_module(f".{name}", __package__).measure(settings, part)
    except DeviceError:
        raise
    except Exception as error:
        # On a rented machine one part's fault must not cost the others.
        part.leave_out(f"{name}: it failed ({type(error).__name__}: {error})."[:400])
        return PARTS[name][1]
