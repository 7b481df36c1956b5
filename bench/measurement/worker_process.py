"""Processes that do what they are told over a pipe: both of its ends.

What works in one is a worker: an object whose methods take and return plain data or
arrays. A command names a method and its arguments.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    " from importlib import import_module;"
    " import_module(sys.argv[2]).main(int(sys.argv[3]))"
)


def started(
    module: str, environment: dict | None = None, output: Any = subprocess.DEVNULL
) -> tuple[subprocess.Popen, Connection]:
    """A process that calls `main(descriptor)` of a module, and our end of its pipe.

    environment: its variables; None for ours. output: a file for what it prints.
    """
    ours, theirs = Pipe()
    arguments = [json.dumps(sys.path), module, str(theirs.fileno())]
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", _BOOT, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            pass_fds=[theirs.fileno()],
            # Ctrl-C is the caller's to handle: it then closes the pipe.
            start_new_session=True,
        )
    return process, ours


class WorkerProcess:
    """A process that makes a worker of a request, and asks it for answers.

    module: has a `main(descriptor)` that calls `serve`. environment: as of `started`.
    """

    def __init__(
        self, module: str, request: Any, environment: dict | None = None
    ) -> None:
        self.process, self._link = started(module, environment)
        self._link.send(request)

    def ask(self, *command: Any, seconds: float | None = None) -> dict:
        """The answer to a command; {reason} where the process has ended.

        seconds: to wait for it at most; a process that is late is ended, for what it
        answered afterwards would be taken for the answer to another command.
        """
        try:
            self._link.send(command)
            if self._link.poll(seconds):
                return self._link.recv()
        except (EOFError, OSError):
            return {"reason": f"its process ended ({self.process.poll()})"}
        self.process.kill()
        self._link.close()
        return {"reason": f"it had no answer within {seconds:.3g} s"}

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._link.close()


def serve(descriptor: int, kind: Callable[[Any], Any]) -> None:
    """Make a worker of the request, and answer until the caller has gone."""
    with Connection(descriptor) as link:
        worker = kind(link.recv())
        with suppress(EOFError, OSError):
            while True:
                link.send(answer(worker, *link.recv()))


def answer(worker: Any, command: str, *arguments: Any, fatal: tuple = ()) -> dict:
    """What a method returns; an error is an answer too, unless it is one of `fatal`."""
    try:
        return getattr(worker, command)(*arguments)
    except fatal:
        raise
    except Exception as error:
        text = str(error).strip().splitlines() or [""]
        return {"reason": f"{type(error).__name__}: {text[0]}"[:300]}
