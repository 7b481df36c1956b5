"""Memory counters: exact for a known allocation, absent where /proc is."""

import builtins
import mmap

import numpy as np
import pytest
from gradclinic.bench.measurement import memory

MB = 1_000_000
linux = pytest.mark.skipif(
    memory.process_memory() is None, reason="needs Linux's /proc"
)


@linux
def test_counters_are_bytes_and_consistent():
    found = memory.process_memory()
    parts = found["RssAnon"] + found["RssFile"] + found["RssShmem"]
    assert found["VmRSS"] == pytest.approx(parts, rel=0.02)
    assert found["VmHWM"] >= 0.98 * found["VmRSS"] > MB


def touch(size):
    """Map, write and free fresh pages; malloc could reuse what it still holds."""
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE) as pages:
        for page in range(0, size, mmap.PAGESIZE):
            pages[page] = 1
    return size


@linux
@pytest.mark.parametrize("size", [40 * MB, 100 * MB])
def test_the_peak_of_a_known_allocation_is_counted_though_it_is_freed(size):
    touch(2 * size)
    assert memory.reset_peak()
    before = memory.process_memory()
    assert before["VmHWM"] - before["VmRSS"] < 2 * MB
    touch(size)
    assert abs(memory.process_memory()["VmHWM"] - before["VmRSS"] - size) < 2 * MB


def test_unknown_process():
    assert memory.process_memory(2**30) is None


def test_without_proc_nothing_is_known(monkeypatch):
    def no_proc(path, *args, **kwargs):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(path)
        return real(path, *args, **kwargs)

    real = builtins.open
    monkeypatch.setattr(builtins, "open", no_proc)
    assert memory.process_memory() is None
    assert not memory.reset_peak()
    assert memory.mapped_bytes("/") == 0


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
