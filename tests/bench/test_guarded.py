"""Guarded trials: every outcome, an honest peak, and a host that always survives."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from gradclinic.bench.execution import safety
from gradclinic.bench.execution.guarded import GuardedServer

if reason := safety.unsupported():
    pytest.skip(reason, allow_module_level=True)

MB = 1_000_000
BUDGET = 40 * MB


@pytest.fixture(scope="module", autouse=True)
def trials_on_path():
    """Let this process, and so its servers, import `guarded_trials`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        yield


@pytest.fixture(scope="module")
def server(trials_on_path):
    with GuardedServer(warm_up="guarded_trials:warm_up") as server:
        yield server


@pytest.fixture
def run(server):
    def run(name, argument=None, budget=BUDGET, **options):
        return server.run(f"guarded_trials:{name}", argument, budget=budget, **options)

    return run


def test_fits_and_returns_the_result(run):
    outcome = run("double", "ab")
    assert (outcome.status, outcome.result, outcome.reason) == ("fits", "abab", "")
    assert outcome.seconds >= 0


@pytest.mark.parametrize("size", [8 * MB, 38 * MB])
def test_peak_is_what_was_allocated_even_if_freed_at_once(run, size):
    outcome = run("hold", size)
    assert (outcome.status, outcome.peak_from) == ("fits", "kernel")
    assert abs(outcome.peak_bytes - size) < 2 * MB


def test_memory_error_at_the_budget(run):
    outcome = run("fill")
    assert outcome.status == "MemoryError"
    assert outcome.reason.startswith("MemoryError: Unable to allocate")
    assert 0.95 * BUDGET < outcome.peak_bytes <= BUDGET + MB


def test_one_allocation_above_the_budget_is_refused(run):
    assert run("hold", BUDGET + MB).status == "MemoryError"


def test_small_objects_count_too(run):
    assert run("hold_in_list", 16 * MB).peak_bytes > 14 * MB
    outcome = run("hold_in_list", 2 * BUDGET)
    assert (outcome.status, outcome.reason) == ("MemoryError", "MemoryError.")


def test_watchdog_kills_what_the_limit_does_not_cover(run):
    outcome = run("share", 90 * MB, cap=60 * MB, timeout=20)
    assert outcome.status == "killed"
    assert "shared memory included" in outcome.reason


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (signal.SIGKILL, "killed"),
        (signal.SIGABRT, "killed"),
        (signal.SIGSEGV, "failed"),
    ],
)
def test_a_child_that_dies_is_reported(run, number, status):
    outcome = run("kill_itself", int(number))
    assert outcome.status == status
    assert number.name in outcome.reason


@pytest.mark.parametrize("name", ["sleep", "burn"])
def test_time_limit(run, name):
    outcome = run(name, 30, timeout=0.2)
    assert (outcome.status, outcome.reason) == (
        "failed",
        "Stopped at the time limit, 0.2 s.",
    )


def test_prediction_is_checked_before_anything_runs(run):
    outcome = run("kill_server", cap=50 * MB, predicted=51 * MB)
    assert outcome.status == "predicted-not-run"
    assert outcome.reason == "It would take 51.0 MB; 50.0 MB are safe here."
    assert outcome.peak_bytes is None


def test_prediction_above_the_budget_alone_runs(run):
    assert run("hold", 45 * MB, predicted=45 * MB).status == "MemoryError"


def test_no_budget_above_the_cap(run):
    outcome = run("double", 1, budget=51 * MB, cap=50 * MB)
    assert (outcome.status, outcome.peak_bytes) == ("failed", None)
    assert outcome.reason == (
        "The budget, 51.0 MB, is above what is safe here, 50.0 MB."
    )


def test_without_a_budget_the_cap_is_the_budget(run):
    outcome = run("fill", budget=None, cap=30 * MB)
    assert outcome.status == "MemoryError"
    assert 28 * MB < outcome.peak_bytes <= 31 * MB


def test_cap_is_512_mb_or_a_quarter_of_what_is_free(monkeypatch):
    monkeypatch.setattr(safety, "available_bytes", lambda: 100 * 1000 * MB)
    assert safety.safety_cap() == 512 * MB
    monkeypatch.setattr(safety, "available_bytes", lambda: 400 * MB)
    assert safety.safety_cap() == 100 * MB


def test_other_errors_are_failures_with_their_sentence(run):
    assert run("fail", "a\nb").reason == "ValueError: a."
    assert run("unpicklable").status == "failed"
    assert run("no_such_function").status == "failed"


def test_streaming_a_mapped_file_larger_than_the_budget_fits(run, tmp_path):
    size = 2 * BUDGET
    np.full(size // 8, 2.0).tofile(tmp_path / "rows")
    outcome = run("stream", str(tmp_path / "rows"))
    assert (outcome.status, outcome.result) == ("fits", 3.0 * (size // 8))
    assert outcome.peak_from == "samples"
    assert outcome.peak_bytes < 5 * MB


def test_each_trial_starts_anew_in_one_surviving_server(run):
    outcomes = [run("fill" if i % 4 == 0 else "hold", 20 * MB) for i in range(20)]
    assert [o.status for o in outcomes] == (["MemoryError"] + ["fits"] * 3) * 5
    pids = {o.result for o in outcomes if o.status == "fits"}
    assert len(pids) == 15 and os.getpid() not in pids
    peaks = [o.peak_bytes for o in outcomes if o.status == "fits"]
    assert max(peaks) - min(peaks) < MB


def test_child_is_the_first_to_go_and_runs_on_one_thread(run):
    assert run("limits").result == (1000, "1")


def test_heap_slack_is_measured_and_small(run, server):
    run("double", 1)
    assert server.slack_bytes is None or server.slack_bytes < 4 * MB


@pytest.mark.parametrize("warm_up", ["messy_warm_up", "messy_once_warm_up"])
def test_free_memory_of_the_server_is_not_reused_uncounted(
    warm_up, trials_on_path, monkeypatch, tmp_path
):
    """As where it had to compile, and where results passed through it."""
    monkeypatch.setenv("GUARDED_MARK", str(tmp_path / "mark"))
    with GuardedServer(warm_up=f"guarded_trials:{warm_up}") as server:
        for _ in range(2):
            server.run("guarded_trials:bring", 8 * MB, budget=BUDGET)
            found = server.run("guarded_trials:hold", 8 * MB, budget=BUDGET)
            assert found.status == "fits"
            assert abs(found.peak_bytes - 8 * MB) < MB / 2
        if warm_up == "messy_once_warm_up":
            assert server.slack_bytes is None or server.slack_bytes < 4 * MB


def test_a_server_that_dies_is_restarted_once():
    with GuardedServer() as server:
        outcome = server.run("guarded_trials:kill_server", None, budget=BUDGET)
        assert outcome.status == "failed"
        assert outcome.reason == "The guarded process died twice."
        assert server.run("guarded_trials:double", 4, budget=BUDGET).result == 8


def test_who_waits_for_a_server_finds_it_warm_or_dead(server, monkeypatch):
    server.settle()
    assert server._ready
    with GuardedServer() as dying:
        dying._process.kill()
        dying.settle()
        assert dying._process is None
        assert dying.run("guarded_trials:double", 4, budget=BUDGET).result == 8
    monkeypatch.setattr(safety.sys, "platform", "darwin")
    with GuardedServer() as absent:
        absent.settle()
        assert absent._process is None


def test_a_warm_up_that_fails_is_one_sentence():
    with GuardedServer(warm_up="guarded_trials:broken_warm_up") as server:
        outcome = server.run("guarded_trials:double", 4, budget=BUDGET)
    assert outcome.status == "failed"
    assert outcome.reason == (
        "The guarded process cannot warm up: RuntimeError: no kernels today."
    )


def test_a_warm_up_that_dies_is_not_tried_for_ever(monkeypatch):
    with GuardedServer(warm_up="guarded_trials:deadly_warm_up") as server:
        first = server.run("guarded_trials:double", 4, budget=BUDGET)
        monkeypatch.setattr(server, "_start", lambda: pytest.fail("started again"))
        assert server.run("guarded_trials:double", 4, budget=BUDGET) == first
    assert first.reason.startswith("The guarded process died twice")


def test_nothing_runs_on_another_system(monkeypatch):
    monkeypatch.setattr(safety.sys, "platform", "darwin")
    with GuardedServer() as server:
        outcome = server.run("guarded_trials:double", 4, budget=BUDGET)
    assert outcome.status == "failed"
    assert outcome.reason.startswith("Guarded trials need Linux")


def test_an_interrupted_trial_does_not_answer_the_next(server, run, monkeypatch):
    def interrupt(timeout):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(server, "_receive", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run("double", 1)
    assert run("double", 2).result == 4


CALLER = """
import sys
sys.path.insert(0, sys.argv[1])
from gradclinic.bench.execution.guarded import GuardedServer
with GuardedServer() as server:
    server.run("guarded_trials:announce", sys.argv[2], budget=10**7, timeout=50)
"""


def test_killing_the_caller_ends_server_and_child(tmp_path):
    paths = [str(Path(__file__).parent), str(tmp_path / "pids")]
    caller = subprocess.Popen([sys.executable, "-c", CALLER, *paths])
    wait_for(lambda: (tmp_path / "pids").exists())
    caller.kill()
    caller.wait()
    pids = (tmp_path / "pids").read_text().split()
    wait_for(lambda: not any(running(pid) for pid in pids))


def running(pid):
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
