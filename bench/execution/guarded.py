"""Run a function under a memory budget, in a process whose death harms nobody.

A spawned server loads and compiles everything once, then forks a child a trial
(`guarded_server.py`); the child limits itself (`guarded_child.py`). This module is the
caller's side: it refuses what is unsafe, and starts a server anew that died.
"""

import os
import pickle
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Any

from ..measurement.worker_process import started
from .safety import refusal, safety_cap, unsupported

WARM_UP_SECONDS, GRACE_SECONDS = 600.0, 30.0
# Free bytes of a heap from which on a server is not used, if another has fewer.
MOST_SLACK = 4_000_000
# One thread, so that a fork is safe and threads' stacks do not count against the
# budget; arrays get pages of their own, which count and are given back.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
}


@dataclass(frozen=True)
class GuardedOutcome:
    """What became of a guarded trial.

    status: `fits`; `MemoryError`; `killed` (by the watchdog, the system, or by giving
    up for want of memory); `predicted-not-run`; `failed` (any other error, the time
    limit too). result: what the function returned. seconds: it took. reason: a
    sentence, empty where it fits.

    peak_bytes: most bytes the function had allocated and touched at once, above what
    the process used before; mapped files and code do not count. None where it did not
    run. peak_from: `kernel` (exact: VmHWM, which the kernel keeps), or `samples` (of
    RssAnon, 5 ms apart, a lower bound) where the function died or read mapped files.
    """

    status: str
    reason: str = ""
    result: Any = None
    seconds: float | None = None
    peak_bytes: int | None = None
    peak_from: str | None = None


class GuardedServer:
    """A warm process that runs functions under a budget, one at a time.

    warm_up: "package.module:function", called once without arguments before any trial:
    it must import and compile all a trial needs and call BLAS once, for compilers and
    BLAS abort, instead of raising MemoryError, where they cannot allocate.

    Trials run on one thread: the stack of a further thread would count.
    """

    def __init__(self, warm_up: str | None = None):
        self._warm_up = warm_up
        self._process: subprocess.Popen | None = None
        self._broken = unsupported()
        self._ready = self._renewed = False
        # Bytes free in the server's heap, which a trial reuses uncounted by its limit.
        self.slack_bytes: int | None = None

    def __enter__(self) -> "GuardedServer":
        if not self._broken:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(
        self,
        function: str,
        argument: Any,
        *,
        budget: int | None,
        cap: int | None = None,
        predicted: int | None = None,
        timeout: float = 60.0,
    ) -> GuardedOutcome:
        """Call "package.module:function" with `argument`, within `budget` bytes.

        argument and result are pickled. budget None takes the cap. cap: bytes a trial
        may never exceed, at most (and by default) `safety_cap()`. predicted: bytes the
        trial is expected to take; above the cap it is not run. timeout: seconds. Never
        raises for what a trial does.
        """
        if self._broken:
            return GuardedOutcome("failed", self._broken)
        safe = safety_cap()
        cap = safe if cap is None else min(cap, safe)
        budget = cap if budget is None else budget
        if refused := refusal(budget, predicted, cap):
            return GuardedOutcome(*refused)
        request = {"function": function, "argument": pickle.dumps(argument)}
        limits = {"budget": budget, "cap": cap, "timeout": timeout}
        return self._ask(request | limits)

    def settle(self) -> None:
        """Wait until it is warm and idle; one that died, the next trial starts."""
        if self._broken:
            return
        try:
            self._await_ready()
        except (EOFError, OSError):
            self._stop()

    def _ask(self, request: dict[str, Any]) -> GuardedOutcome:
        """Send a request; a server that dies over it gets a second one, not a third."""
        sentence = ""
        for _ in range(2):
            try:
                self._await_ready()
                if self._broken:
                    return GuardedOutcome("failed", self._broken)
                self._link.send(request)
                return _unpacked(self._receive(request["timeout"]))
            except (EOFError, OSError):
                sentence = f"The guarded process died twice{self._last_words()}."
                warm = self._ready
                self._stop()
            except BaseException:
                self._stop()  # interrupted: its answer must not meet a later request
                raise
        if not warm:
            self._broken = sentence  # another trial would not fare better
        return GuardedOutcome("failed", sentence)

    def _await_ready(self) -> None:
        """Wait for a warm server; raise EOFError where it died."""
        if self._process is None:
            self._start()
        if not self._ready:
            answer = self._receive(WARM_UP_SECONDS)
            if (answer["slack"] or 0) > MOST_SLACK and not self._renewed:
                # It compiled: a server that only loads has no such memory to reuse.
                self._renewed = True
                self._stop()
                self._start()
                answer = self._receive(WARM_UP_SECONDS)
            self._broken, self.slack_bytes = answer["broken"], answer["slack"]
            self._ready = True

    def _receive(self, timeout: float) -> dict[str, Any]:
        if not self._link.poll(timeout + GRACE_SECONDS):
            raise EOFError("no answer")
        return self._link.recv()

    def _start(self) -> None:
        self._words = tempfile.TemporaryFile()
        self._process, self._link = started(
            f"{__package__}.guarded_server", os.environ | _ENVIRONMENT, self._words
        )
        self._link.send(self._warm_up)

    def _stop(self) -> None:
        if self._process is None:
            return
        self._link.close()
        self._process.kill()
        self._process.wait()
        self._words.close()
        self._process, self._ready = None, False

    def _last_words(self) -> str:
        """Return the last line the server wrote, as a clause of a sentence."""
        self._words.seek(0)
        lines = self._words.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f" ({last[:200]})" if last else ""


def _unpacked(answer: dict[str, Any]) -> GuardedOutcome:
    """Return the outcome; only here is the result made an object again."""
    if answer.get("result") is not None:
        answer["result"] = pickle.loads(answer["result"])
    return GuardedOutcome(**answer)
