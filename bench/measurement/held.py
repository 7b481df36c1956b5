"""Processes that do what they are told, a JSON line at a time: both ends of the pipe.

What works in one is a `worker`: an object whose methods take and return plain data. A
command names a method and its arguments.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from select import select
from typing import Any


class Held:
    """A process that runs a module, which reads a request and then commands.

    environment: its variables; None for ours.
    """

    def __init__(
        self, module: str, request: dict, environment: dict | None = None
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8", env=environment,
        )  # fmt: skip
        self._tell(request)

    def _tell(self, content: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(content) + "\n")
        self.process.stdin.flush()

    def ask(self, *command: Any, seconds: float | None = None) -> dict:
        """The answer to a command; {reason} where the process has ended.

        seconds: to wait for it at most; a process that is late is ended, for what it
        answered afterwards would be taken for the answer to another command.
        """
        try:
            self._tell(command)
            assert self.process.stdout
            # A line is read whole and nothing behind it is there: none is in a buffer.
            if not select([self.process.stdout], [], [], seconds)[0]:
                self.process.kill()
                return {"reason": f"it had no answer within {seconds:.3g} s"}
            line = self.process.stdout.readline()
        except OSError:
            line = ""
        code = self.process.poll()
        return json.loads(line) if line else {"reason": f"its process ended ({code})"}

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def obey(worker: Any, lines: Iterable[str], answer: Callable[[dict], None]) -> None:
    """Do what the lines say until they end; an error is an answer too."""
    for line in lines:
        command, *arguments = json.loads(line)
        try:
            answer(getattr(worker, command)(*arguments))
        except Exception as error:
            text = str(error).strip().splitlines() or [""]
            answer({"reason": f"{type(error).__name__}: {text[0]}"[:300]})


def answering() -> Callable[[dict], None]:
    """A function that answers on standard output, from which it takes all else away.

    Some libraries print; what is printed must not mix with the answers.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(content: dict) -> None:
        out.write(json.dumps(content) + "\n")
        out.flush()

    return answer
