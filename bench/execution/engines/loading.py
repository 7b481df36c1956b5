"""A step of SGD in NumPy whose rows are read from a file every time, in three ways.

The file has no name and lies in the system's cache once it was written: what is
measured is the work of reading, not a disk.
"""

import csv
import os
import tempfile
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from . import numpy_steps


def csv_stepper(net, params, x, y, lr):
    """Each step reads its rows as text and turns every number into a float."""
    read = _csv_file(x, y)
    return _reading_stepper(net, params, y, lr, read)


def csv_thread_stepper(net, params, x, y, lr):
    """The same, while a second thread already reads the rows of the next step."""
    read = _csv_file(x, y)
    step = _step_on(net, params, y, lr)

    def run(steps):
        with ThreadPoolExecutor(1) as pool:
            ahead = pool.submit(read)
            for number in range(steps):
                rows = ahead.result()
                if number < steps - 1:
                    ahead = pool.submit(read)
                step(rows)

    return run


def binary_stepper(net, params, x, y, lr):
    """Each step reads its rows as the bytes that they are in memory."""
    fetch = _file(x.tobytes())

    def read():
        return np.frombuffer(fetch(), np.float32).reshape(x.shape)

    return _reading_stepper(net, params, y, lr, read)


def _reading_stepper(net, params, y, lr, read):
    step = _step_on(net, params, y, lr)

    def run(steps):
        for _ in range(steps):
            step(read())

    return run


def _step_on(net, params, y, lr):
    """step(rows), float32[b, i]: one step of SGD on rows that were just read."""
    rows = np.empty((len(y), net.inputs), dtype=np.float32)
    run = numpy_steps.stepper(net, params, rows, y, lr)

    def step(read):
        rows[:] = read
        run(1)

    return step


def _csv_file(x, y):
    """A function that reads x, float32[b, i], from text with a label in front."""
    lines = (
        f"{int(k)},{','.join(repr(float(v)) for v in row)}\n"
        for row, (k,) in zip(x, y, strict=True)
    )
    fetch = _file("".join(lines).encode())

    def read():
        text = fetch().decode().splitlines()
        return [[float(v) for v in row[1:]] for row in csv.reader(text)]

    return read


def _file(content):
    """A function that reads these bytes from a file; it is gone with the function."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        descriptor = os.dup(file.fileno())

    def fetch():
        return os.pread(descriptor, len(content), 0)

    weakref.finalize(fetch, os.close, descriptor)
    return fetch
