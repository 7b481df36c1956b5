"""Functions that the guarded server of `test_guarded.py` imports by name and runs."""

import mmap
import os
import signal
import time

import numpy as np


def warm_up():
    np.linalg.inv(np.eye(64) @ np.eye(64))


def broken_warm_up():
    raise RuntimeError("no kernels today")


def deadly_warm_up():
    print("cannot go on")
    os._exit(7)


def double(x):
    return 2 * x


def hold(size):
    """Allocate and touch `size` bytes, free them; return the process id."""
    block = np.ones(size // 8)
    del block
    return os.getpid()


def fill(_):
    """Allocate until there is no more."""
    block = []
    while True:
        block.append(np.ones(125_000))


def hold_in_list(size):
    """The same in many small Python objects."""
    return len([float(i) for i in range(size // 32)])


def share(size):
    """Shared anonymous memory, which RLIMIT_DATA does not cover."""
    block = mmap.mmap(-1, size)
    for start in range(0, size, 4096):
        block[start] = 1
    time.sleep(30)


def kill_itself(number):
    os.kill(os.getpid(), number)


def kill_server(_):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(30)


def sleep(seconds):
    time.sleep(seconds)


def burn(_):
    while True:
        pass


def announce(path):
    """Write the ids of server and child, in one piece, then wait."""
    with open(path + ".new", "w") as new:
        new.write(f"{os.getppid()} {os.getpid()}")
    os.rename(path + ".new", path)
    time.sleep(60)


def fail(text):
    raise ValueError(text)


def unpicklable(_):
    return lambda: None


def limits(_):
    with open("/proc/self/oom_score_adj") as score:
        return int(score.read()), os.environ["OMP_NUM_THREADS"]


def stream(path):
    """Sum the rows of a memory-mapped float64 file in pieces of 1 MB."""
    rows = np.memmap(path, dtype=np.float64, mode="r")
    total = 0.0
    for piece in np.array_split(rows, len(rows) // 125_000):
        total += float((piece + 1.0).sum())
    return total


def _mess():
    """Leave 24 MB free below what is held, as compiling does: in pieces of 100 kB."""
    blocks = [bytearray(100_000) for _ in range(240)]
    last = bytearray(100_000)
    blocks.clear()
    _held.append(last)


_held = []


def messy_warm_up():
    _mess()


def messy_once_warm_up():
    """A mess where the mark is not there yet, as a cold cache of kernels makes it."""
    mark = os.environ["GUARDED_MARK"]
    if not os.path.exists(mark):
        with open(mark, "w"):
            pass
        _mess()


def bring(size):
    """An array of `size` bytes, as a result."""
    return np.ones(size // 8)
