"""Every CUDA kernel's declaration, compilation and launch.

The only module that touches `cuda.jit`. A kernel is compiled for a dtype at its first
launch there; nothing is compiled, and no driver asked, on import.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import numpy as np
from numba import types

from .gpu import gpu
from .toolchain import SIMULATED, cuda

# The simulator runs a Python thread for each thread of a block.
THREADS, SIMULATED_THREADS = 256, 8
# Letters of an argument's type; real is the dtype of the training.
_LETTERS: dict[str, Callable[[Any], Any]] = {
    "v": lambda real: real[::1],
    "m": lambda real: real[:, ::1],
    "r": lambda real: real,
    "i": lambda real: types.int32[::1],
    "n": lambda real: types.int32,
    "u": lambda real: types.uint32[::1],
    "t": lambda real: types.int32[:, ::1],
    "q": lambda real: types.uint32[:, ::1],
    "w": lambda real: types.uint32,
}
KERNELS: dict[str, "Kernel"] = {}
# In place of a stream: compile what would be launched, and launch nothing.
COMPILE = "compile"


@dataclass(frozen=True)
class Kernel:
    """A kernel: its name, Python function, argument letters and threads of a block.

    letters: one an argument, v real[n], m real[n, k], r real, i int32[n], n int32,
    u uint32[n], w uint32, t int32[n, k], q uint32[n, k]; arrays are C-contiguous.
    dtypes: those it is compiled for; resident: blocks that a multiprocessor shall have
    registers for. launched: the dtypes it has run at.
    """

    name: str
    function: Callable
    letters: str
    threads: int = THREADS
    dtypes: tuple = ("float32", "float64")
    resident: int = 1
    launched: set = field(default_factory=set, compare=False)

    def bounds(self, dtype):
        """The launch bounds it is compiled for: threads, and blocks at once.

        A block less in float64, whose numbers take two registers each.
        """
        less = dtype == "float64"
        return self.threads, max(1, self.resident - less)

    def arguments(self, dtype):
        """The Numba types of its arguments at a dtype, "float32" or "float64"."""
        real = types.float32 if dtype == "float32" else types.float64
        return tuple(_LETTERS[letter](real) for letter in self.letters)

    def launch(self, dtype, blocks, stream, *arguments, shared=0):
        """Put it on a stream. blocks: a number, or (columns, rows); shared: bytes.

        On the stream `COMPILE` it is only compiled and loaded. Arrays must be on the
        device: TypeError, for Numba would copy them there and back without a word.
        """
        if any(isinstance(each, np.ndarray) for each in arguments):
            raise TypeError(f"{self.name} takes arrays of the device, not of the host")
        code = self.code(dtype)
        if stream is COMPILE:
            return
        self.launched.add(dtype)
        code[blocks, self.threads, stream, shared](*arguments)

    def code(self, dtype):
        """It as Numba compiled it and loaded it on the current device."""
        return gpu().code(self, dtype)

    def compiled(self, dtype):
        """It compiled for a dtype and the current device."""
        signature = types.void(*self.arguments(dtype))
        if SIMULATED:
            return cuda.jit(signature)(self.function)
        return cuda.jit(signature, launch_bounds=self.bounds(dtype))(self.function)

    def blocks(self, items):
        """How many blocks give each of so many items a thread; at least one."""
        return max(1, -(-items // self.threads))


def kernel(letters, name=None, threads=None, dtypes=("float32", "float64"), resident=1):
    """Declare a kernel: a decorator that returns a `Kernel` and lists it in `KERNELS`.

    threads: of a block, where the kernel needs that many; others take any number and
    ask `cuda.blockDim`. dtypes, resident: of `Kernel`.
    """
    usual = SIMULATED_THREADS if SIMULATED else THREADS

    def declare(function):
        module = function.__module__.rpartition(".")[2]
        full = f"{module}.{name or function.__name__}"
        size = threads or usual
        KERNELS[full] = Kernel(full, function, letters, size, dtypes, resident)
        return KERNELS[full]

    return declare


def device(function):
    """Compile a function that kernels call, which asks for its thread or waits."""
    return cuda.jit(device=True)(function)


def all_kernels():
    """Every kernel of this package by its name: imports all modules that hold some."""
    package = __package__ or ""
    for info in walk_packages(import_module(package).__path__, f"{package}."):
        import_module(info.name)
    return dict(KERNELS)
