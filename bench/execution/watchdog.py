"""Watches one guarded child: its peak, its limits, and what became of it."""

import signal
import time
from typing import Any

# Code first used after the fork is mapped too; beyond this a data file is being read.
_CODE_BYTES = 8_000_000
# What was free in the heap before is reused without the limit noticing. Left alone for
# so much, a trial ends at the limit, by MemoryError, and not by chance either way.
_TOLERANCE = 2_000_000
# Signals of a process that wanted memory: the system's killer, and abort(), by which
# compiled code gives up where malloc fails.
_WANT_OF_MEMORY = (-signal.SIGKILL, -signal.SIGABRT)


class Watchdog:
    """Fed with `process_memory` of a child; `alarm` is set when it must be killed.

    alarm: None or a sentence. Only anonymous memory counts against the budget: pages of
    mapped files are the system's to drop. Shared memory, which no limit of the process
    covers, counts against the cap.
    """

    alarm: str | None = None

    def __init__(self, request: dict[str, Any]):
        self._request = request
        self._start = time.monotonic()
        self._out_of_time = False
        self._baseline: dict[str, int] | None = None
        self._anonymous = self._mapped = 0

    def begin(self, baseline: dict[str, int]) -> None:
        """Take the child's memory before the function as zero."""
        self._baseline = baseline

    def look(self, memory: dict[str, int] | None) -> None:
        """Note one sample (None: none to be had) and raise the alarm over a limit."""
        seconds, timeout = time.monotonic() - self._start, self._request["timeout"]
        if seconds > timeout:
            self._out_of_time = True
            self.alarm = f"Stopped at the time limit, {timeout:g} s."
        if memory is None or self._baseline is None:
            return
        anonymous = self._note(memory, self._baseline)
        shared = memory["RssShmem"] - self._baseline["RssShmem"]
        budget, cap = self._request["budget"], self._request["cap"]
        if anonymous > budget + _TOLERANCE:
            self.alarm = f"Stopped at {anonymous / 1e6:.1f} MB, above its budget."
        elif anonymous + shared > cap:
            self.alarm = (
                f"Stopped at {(anonymous + shared) / 1e6:.1f} MB, shared memory"
                " included, above the safe limit."
            )

    def outcome(self, report: dict[str, Any] | None, exit_code: int) -> dict[str, Any]:
        """Return the fields of a `GuardedOutcome`, result still pickled."""
        if report is None:
            status, reason = self._fate(exit_code)
            seconds = time.monotonic() - self._start
            fields = {"status": status, "reason": reason, "seconds": seconds}
            peak, source = self._anonymous, "samples"
        else:
            peak, source = self._peak(report.pop("memory"))
            fields = report
        if self._baseline is None:
            peak = source = None
        return fields | {"peak_bytes": peak, "peak_from": source}

    def _note(self, memory: dict[str, int], baseline: dict[str, int]) -> int:
        """Return anonymous bytes above the baseline; keep the maxima."""
        anonymous = memory["RssAnon"] - baseline["RssAnon"]
        mapped = sum(memory[k] - baseline[k] for k in ("RssFile", "RssShmem"))
        self._anonymous = max(self._anonymous, anonymous)
        self._mapped = max(self._mapped, mapped)
        return anonymous

    def _peak(self, end: dict[str, int] | None) -> tuple[int, str]:
        """Return the peak of anonymous bytes, and how it is known.

        VmHWM is exact but counts mapped pages. While those grow by code only, it less
        all their growth is the peak to within that growth, and never above it.
        """
        if end is None or self._baseline is None:
            return self._anonymous, "samples"
        self._note(end, self._baseline)
        if self._mapped > _CODE_BYTES:
            return self._anonymous, "samples"
        total = end["VmHWM"] - self._baseline["VmRSS"]
        return max(self._anonymous, total - self._mapped), "kernel"

    def _fate(self, exit_code: int) -> tuple[str, str]:
        """Return status and sentence of a child that ended without a report."""
        if self._out_of_time and self.alarm:
            return "failed", self.alarm
        if self.alarm:
            return "killed", self.alarm
        if exit_code == -signal.SIGXCPU:
            return "failed", "Stopped at the limit of processor time."
        if exit_code >= 0:
            return "failed", f"The process ended by itself, with exit code {exit_code}."
        name = signal.Signals(-exit_code).name
        if exit_code in _WANT_OF_MEMORY:
            return "killed", f"The process was ended by {name}, for want of memory."
        return "failed", f"The process crashed with {name}."
