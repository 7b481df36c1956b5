"""The watchdog of a guarded child, fed with made-up samples and a made-up clock."""

import signal

import pytest
from gradclinic.bench.execution import watchdog
from gradclinic.bench.execution.watchdog import Watchdog

MB = 1_000_000
REQUEST = {"budget": 40 * MB, "cap": 60 * MB, "timeout": 7.5}
ZERO = {
    "RssAnon": 5 * MB,
    "RssFile": 3 * MB,
    "RssShmem": 2 * MB,
    "VmRSS": 10 * MB,
    "VmHWM": 10 * MB,
}


def above(anonymous=0.0, file=0.0, shared=0.0, peak=0.0):
    """A sample so many MB above zero; peak: of all memory there ever was."""
    grown = {
        "RssAnon": anonymous,
        "RssFile": file,
        "RssShmem": shared,
        "VmRSS": anonymous + file + shared,
        "VmHWM": peak,
    }
    return {name: ZERO[name] + int(MB * more) for name, more in grown.items()}


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def dog(clock):
    made = Watchdog(REQUEST)
    made.begin(dict(ZERO))
    return made


@pytest.mark.parametrize(
    ("sample", "alarm"),
    [
        ({}, None),
        ({"anonymous": 42}, None),  # the budget and what was free in the heap before
        ({"anonymous": 42.1}, "Stopped at 42.1 MB, above its budget."),
        ({"file": 500}, None),  # the system can drop mapped files
        ({"anonymous": 10, "shared": 50}, None),
        (
            {"anonymous": 10, "shared": 50.1},
            "Stopped at 60.1 MB, shared memory included, above the safe limit.",
        ),
        (
            {"shared": 60.1},
            "Stopped at 60.1 MB, shared memory included, above the safe limit.",
        ),
        ({"anonymous": 50, "shared": 50}, "Stopped at 50.0 MB, above its budget."),
    ],
)
def test_memory_above_the_limits_raises_the_alarm(dog, sample, alarm):
    dog.look(above(**sample))
    assert dog.alarm == alarm


@pytest.mark.parametrize(("after", "stopped"), [(7.4, False), (7.6, True)])
def test_the_time_limit_counts_from_the_start(dog, clock, after, stopped):
    clock[0] += after
    dog.look(None)
    expected = "Stopped at the time limit, 7.5 s." if stopped else None
    assert dog.alarm == expected
    if stopped:
        assert dog.outcome(None, -signal.SIGKILL)["status"] == "failed"


def test_nothing_is_judged_before_the_function_begins(clock):
    dog = Watchdog(REQUEST)
    dog.look(above(anonymous=500, shared=500))
    assert dog.alarm is None
    found = dog.outcome(None, 1)
    assert found["peak_bytes"] is None and found["peak_from"] is None


@pytest.mark.parametrize(
    ("samples", "end", "peak", "source"),
    [
        # Exact, less what was mapped: code that was first used.
        ([], {"anonymous": 1, "peak": 20}, 20, "kernel"),
        ([{"anonymous": 5}], {"anonymous": 1, "file": 4, "peak": 20}, 16, "kernel"),
        ([{"file": 6}, {"anonymous": 5}], {"peak": 20}, 14, "kernel"),
        ([{"shared": 3, "file": 4}], {"peak": 20}, 13, "kernel"),
        # Never below what was seen.
        ([{"anonymous": 15, "file": 7}], {"peak": 20}, 15, "kernel"),
        # A file of rows was read: only samples tell.
        ([{"anonymous": 15, "file": 9}], {"anonymous": 12, "peak": 40}, 15, "samples"),
        ([{"anonymous": 15}], {"anonymous": 17, "file": 9, "peak": 40}, 17, "samples"),
        ([{"anonymous": 15}, {"anonymous": 12}], None, 15, "samples"),
    ],
)
def test_the_peak_and_how_it_is_known(dog, samples, end, peak, source):
    for sample in samples:
        dog.look(above(**sample))
    report = {"status": "fits", "reason": "", "result": b"r", "seconds": 0.5}
    memory = None if end is None else above(**end)
    found = dog.outcome(report | {"memory": memory}, 0)
    assert found == report | {"peak_bytes": peak * MB, "peak_from": source}


@pytest.mark.parametrize(
    ("code", "status", "reason"),
    [
        (
            -signal.SIGKILL,
            "killed",
            "The process was ended by SIGKILL, for want of memory.",
        ),
        (
            -signal.SIGABRT,
            "killed",
            "The process was ended by SIGABRT, for want of memory.",
        ),
        (-signal.SIGSEGV, "failed", "The process crashed with SIGSEGV."),
        (-signal.SIGXCPU, "failed", "Stopped at the limit of processor time."),
        (0, "failed", "The process ended by itself, with exit code 0."),
        (3, "failed", "The process ended by itself, with exit code 3."),
    ],
)
def test_the_fate_of_a_child_without_a_report(dog, clock, code, status, reason):
    dog.look(above(anonymous=9))
    dog.look(above(anonymous=4))
    clock[0] += 2.5
    assert dog.outcome(None, code) == {
        "status": status,
        "reason": reason,
        "seconds": 2.5,
        "peak_bytes": 9 * MB,
        "peak_from": "samples",
    }


def test_what_is_stopped_for_its_memory_is_killed(dog):
    dog.look(above(anonymous=50))
    found = dog.outcome(None, -signal.SIGKILL)
    assert (found["status"], found["reason"]) == (
        "killed",
        "Stopped at 50.0 MB, above its budget.",
    )
    assert found["peak_bytes"] == 50 * MB
