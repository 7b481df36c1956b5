"""What a forked child does: limit itself, run one function, report, and end."""

import ctypes
import math
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from ..measurement.memory import process_memory, reset_peak

_PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def run_limited(
    function: Callable[[Any], Any], request: dict[str, Any], writer: Connection
) -> NoReturn:
    """Send the memory in use before, then a report on `function`; never return.

    The report: status, reason, result (pickled), seconds, and memory in use at the end.
    """
    try:
        _die_first()
        argument = pickle.loads(request["argument"])
        _limit(request["budget"], request["timeout"])
        reset_peak()
        writer.send({"baseline": process_memory()})
        writer.send(_report(function, argument))
    finally:
        # Not sys.exit: what the server would do at its end is not the child's to do.
        os._exit(0)


def _report(function: Callable[[Any], Any], argument: Any) -> dict[str, Any]:
    start = time.perf_counter()
    report = {"status": "fits", "reason": "", "result": None}
    try:
        result = function(argument)
        report["seconds"] = time.perf_counter() - start
        report["memory"] = process_memory()
        _lift_limit()
        report["result"] = pickle.dumps(result)
    except BaseException as error:
        report.setdefault("seconds", time.perf_counter() - start)
        report.setdefault("memory", process_memory())
        _lift_limit()
        out_of_memory = isinstance(error, MemoryError)
        report["status"] = "MemoryError" if out_of_memory else "failed"
        report["reason"] = _sentence(error)
    return report


def _die_first() -> None:
    """Be the first the system ends when memory is short, and not outlive the server."""
    os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="utf-8") as score:
            score.write("1000")
    except OSError:
        pass  # some containers forbid it; the limit and the watchdog remain


def _limit(budget: int, timeout: float) -> None:
    """Allow `budget` bytes more of private writable memory, and so many seconds.

    RLIMIT_DATA counts what malloc maps since Linux 4.7. Source: getrlimit(2).
    """
    memory = process_memory()
    if memory is None:
        raise OSError("/proc/self/status cannot be read")
    _soften(resource.RLIMIT_DATA, memory["VmData"] + budget)
    _soften(resource.RLIMIT_CPU, math.ceil(timeout) + 1)


def _lift_limit() -> None:
    """Let the report be written, whatever the function holds."""
    _soften(resource.RLIMIT_DATA, resource.RLIM_INFINITY)


def _soften(kind: int, wanted: int) -> None:
    """Set a soft limit, below the hard one if there is one."""
    _, hard = resource.getrlimit(kind)
    unlimited = resource.RLIM_INFINITY
    if hard != unlimited and (wanted == unlimited or wanted > hard):
        wanted = hard
    resource.setrlimit(kind, (wanted, hard))


def _sentence(error: BaseException) -> str:
    first_line = str(error).partition("\n")[0].rstrip(".")
    name = type(error).__name__
    return f"{name}: {first_line}." if first_line else f"{name}."
