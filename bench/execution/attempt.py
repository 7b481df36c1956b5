"""An attempt at some runs: the runs, or as many records of why there are none.

A failed run never stops the suite; it is stored with its reason, and tried again by the
next command.
"""

from collections.abc import Callable
from typing import Any

from ...kernels.device import DeviceError, DeviceLost
from ...kernels.driver import absence
from ..errors import GradclinicError, ResourceUnavailable
from .record import UNAVAILABLE, Run


def attempt(make: Callable[..., list[Run]], *asked: Any, failed: Callable) -> list[Run]:
    """make(*asked): runs; where that raises, the runs of failed(**fields).

    fields: of a `Run` that could not be made. An error that is no fault of the runs
    stops all: a `GradclinicError`, and ResourceUnavailable where a GPU was lost.
    """
    try:
        return make(*asked)
    except GradclinicError:
        raise
    except DeviceLost as error:  # no later run would fare better
        raise ResourceUnavailable(
            f"{error} The runs stored so far are kept; the same command goes on there."
        ) from error
    except Exception as error:
        return failed(**failure(error))


def lacking(run: Run | None) -> bool:
    """Is a stored run still to be made? One that failed is tried again.

    One that lacked a GPU is tried again where there is one.
    """
    if run is None or run.status == "failed":
        return True
    return run.status == UNAVAILABLE and not absence()


def failure(error: Exception) -> dict[str, str]:
    """The fields of a `Run` that could not be made; a GPU's error is a sentence."""
    first = str(error).partition("\n")[0]
    if isinstance(error, DeviceError):
        return {"status": "failed", "reason": first, "device": "cuda"}
    return {"status": "failed", "reason": f"{type(error).__name__}: {first}"}
