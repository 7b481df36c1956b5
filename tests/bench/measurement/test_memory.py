"""Memory counters: exact for a known allocation, absent where /proc is."""

import builtins

import numpy as np
import pytest
from gradclinic.bench.measurement import memory

MB = 1_000_000
linux = pytest.mark.skipif(
    memory.process_memory() is None, reason="needs Linux's /proc"
)


@linux
def test_counters_are_bytes_and_consistent():
    held = memory.process_memory()
    parts = held["RssAnon"] + held["RssFile"] + held["RssShmem"]
    assert held["VmRSS"] == pytest.approx(parts, rel=0.02)
    assert held["VmHWM"] >= 0.98 * held["VmRSS"] > MB


@linux
# Above 32 MB glibc always maps fresh pages, so nothing freed before is reused.
@pytest.mark.parametrize("size", [40 * MB, 100 * MB])
def test_phase_peak_of_a_known_allocation_freed_within(size):
    result, peak = memory.phase_peak(lambda: np.ones(size // 8).size)
    assert result == size // 8
    assert abs(peak - size) < 2 * MB


@linux
def test_a_phase_does_not_inherit_the_peak_before_it():
    np.ones(80 * MB // 8)
    assert memory.phase_peak(lambda: None)[1] < 2 * MB


def test_unknown_process():
    assert memory.process_memory(2**30) is None


def test_without_proc_results_remain_and_peaks_are_none(monkeypatch):
    def no_proc(path, *args, **kwargs):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(path)
        return real(path, *args, **kwargs)

    real = builtins.open
    monkeypatch.setattr(builtins, "open", no_proc)
    assert memory.phase_peak(lambda: 5) == (5, None)


@pytest.mark.parametrize(("left", "expected"), [(None, 100), (40, 40), (400, 100)])
def test_available_is_the_less_of_machine_and_container(monkeypatch, left, expected):
    class Machine:
        available = 100

    monkeypatch.setattr(memory.psutil, "virtual_memory", Machine)
    monkeypatch.setattr(memory, "memory_left", lambda: left)
    assert memory.available_bytes() == expected


@linux
def test_pages_of_mapped_files_are_counted_once_touched(tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, np.ones(1_000_000))
    assert memory.mapped_bytes(str(tmp_path)) == 0
    rows = np.load(path, mmap_mode="r+")
    before = memory.mapped_bytes(str(tmp_path))
    assert rows.sum() == 1e6
    assert before < 1e6 and 8e6 <= memory.mapped_bytes(str(tmp_path)) < 8.1e6
    assert memory.mapped_bytes(str(tmp_path / "elsewhere")) == 0
    del rows
    assert memory.mapped_bytes(str(tmp_path)) == 0
