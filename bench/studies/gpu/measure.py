"""A measurement of a GPU beside its machine's CPU, as plain data."""

import time
from collections.abc import Callable
from functools import partial
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
        began = time.perf_counter()
        # Before the part's clock starts: compiling is nothing that it measures.
        unready = _prepared(name, settings, say)
        part = budget.part(name, content)
        part.kept = partial(_keep, keep, content, name, part, budget)
        say(f"{name}: {part.seconds:.0f} s at most, if nothing is to be compiled.")
        try:
            if unready:
                raise unready
            content[name] = _measured(name, settings, part)
        except DeviceError as error:
            content[name] = part.found or content[name]
            left_out.append(f"{name}, and all parts behind it: {error}")
            keep(content)
            raise
        left_out += part.left_out
        say(f"{name}: measured in {time.perf_counter() - began:.1f} s.")
        keep({**content, "left_out": left_out + _not_reached(budget)})
    return content


def _keep(keep, content: dict, name: str, part, budget: Budget) -> None:
    """Give away what there is in the middle of a part."""
    cut = [*content["left_out"], *part.left_out, f"{name}: it was cut off."]
    found = {name: list(part.found), "left_out": cut + _not_reached(budget)}
    keep({**content, **found})


def _prepared(name: str, settings: GpuSettings, say: Say) -> DeviceError | None:
    """Have a part compile what it needs; what fails there on the GPU, if anything.

    What fails otherwise will fail again when it is measured, and is said then.
    """
    try:
        prepare = getattr(import_module(f".{name}", __package__), "prepare", None)
        if prepare:
            say(f"{name}: compiling.")
            with device_errors():
                prepare(settings)
    except DeviceError as error:
        return error
    except Exception as error:
        say(f"{name}: {type(error).__name__}: {error}")
    return None


def _not_reached(budget: Budget) -> list[str]:
    """A sentence on the parts to come, for what is kept until they are measured."""
    return [f"Not reached: {', '.join(budget.shares)}."] if budget.shares else []


def _measured(name: str, settings: GpuSettings, part) -> Any:
    """What a part gives; what it has found until then, where it fails."""
    try:
        with device_errors():
            return import_module(f".{name}", __package__).measure(settings, part)
    except DeviceError:
        raise
    except Exception as error:
        # On a rented machine one part's fault must not cost the others.
        part.leave_out(f"{name}: it failed ({type(error).__name__}: {error})."[:400])
        return part.found or PARTS[name][1]
