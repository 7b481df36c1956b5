"""The warm process behind `GuardedServer`: forks a child a trial and watches it."""

import ctypes
import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from ..measurement.memory import process_memory
from .guarded_child import run_limited
from .watchdog import Watchdog

TICK = 0.005  # seconds between two looks at a child; METHOD asks for 0.02


def main(descriptor: int) -> None:
    """Warm up, say so, then answer one request after another until the caller ends."""
    caller = Connection(descriptor)
    try:
        broken = _warm_up(caller.recv())
        caller.send({"broken": broken, "slack": settle_heap()})
        while broken is None:
            caller.send(_answer(caller.recv(), caller))
    except (EOFError, OSError):
        pass  # the caller has gone


def resolve(dotted: str) -> Callable[..., Any]:
    """Return the function named "package.module:function"."""
    module, _, name = dotted.partition(":")
    return getattr(import_module(module), name)


def settle_heap() -> int | None:
    """Give free memory back; return the bytes a child may reuse without being counted.

    None where glibc (2.33 or newer) does not tell. Source: mallinfo2(3).
    """
    gc.collect()
    gc.freeze()  # a collection in the child would copy every page of ours
    libc = trim_heap()
    if not hasattr(libc, "mallinfo2"):
        return None
    libc.mallinfo2.restype = _Mallinfo2
    return libc.mallinfo2().fordblks


def trim_heap() -> ctypes.CDLL:
    """Give whole free pages of the heap back, where glibc can; return the C library."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
    return libc


class _Mallinfo2(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks"),
            *("fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def _warm_up(dotted: str | None) -> str | None:
    """Call the warm-up; return a sentence where it failed."""
    try:
        if dotted:
            resolve(dotted)()
    except Exception as error:
        return f"The guarded process cannot warm up: {type(error).__name__}: {error}."
    return None


def _answer(request: dict[str, Any], caller: Connection) -> dict[str, Any]:
    """Run one request in a child; return the fields of a `GuardedOutcome`."""
    try:
        # Imported here, and not in the child: memory of modules is not the trial's.
        function = resolve(request["function"])
    except Exception as error:
        return {"status": "failed", "reason": f"{type(error).__name__}: {error}."}
    trim_heap()  # what the last result took is free, and would be reused uncounted
    reader, writer = Pipe(duplex=False)
    sys.stdout.flush()
    with warnings.catch_warnings():
        # Python 3.12 warns where other threads run; the warm-up is told to leave none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        caller.close()
        reader.close()
        run_limited(function, request, writer)
    writer.close()
    with reader:
        return _watch(child, reader, caller, request)


def _watch(child: int, reader: Connection, caller: Connection, request: dict) -> dict:
    """Look at the child every `TICK` until it reports, dies or must be killed."""
    dog = Watchdog(request)
    report = None
    try:
        while report is None and dog.alarm is None:
            ready = wait([reader, caller], TICK)
            dog.look(process_memory(child))
            if reader in ready:
                message = reader.recv()
                if "baseline" in message:
                    dog.begin(message["baseline"])
                else:
                    report = message
            elif caller in ready:  # it never speaks now: its end of the link is closed
                dog.alarm = "Nobody waits for the result any more."
    except EOFError:
        pass  # the child died without a report: its exit status tells
    if dog.alarm and report is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    try:
        os.killpg(child, signal.SIGKILL)  # whatever the trial itself had started
    except ProcessLookupError:
        pass
    return dog.outcome(report, os.waitstatus_to_exitcode(status))
