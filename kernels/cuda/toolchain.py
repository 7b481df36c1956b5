"""Numba's CUDA target, or its simulator: imported here, with what it lacks.

No driver is asked, and nothing is compiled, on import.
"""

import math
import warnings
from importlib import import_module
from typing import Any

import numpy as np
from numba import config, types

from ..exponential import exp
from ..philox import turned

SIMULATED = bool(getattr(config, "ENABLE_CUDASIM", 0))


def _target():
    # numba-cuda 0.30 asks NumPy for this name when it first compiles; 2.5 dropped it.
    if not hasattr(np, "row_stack"):
        np.row_stack = np.vstack  # pyright: ignore[reportAttributeAccessIssue]
    with warnings.catch_warnings():
        # That NumPy deprecates what numba-cuda does on import, which is not our user's.
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("numba.cuda")


class _Simulator:
    """The simulator's module, and while a kernel runs what its threads may ask.

    By itself it gives that to the one module in which the kernel is defined.
    """

    def __init__(self, module):
        self._module = module
        self._running = import_module("numba.cuda.simulator.kernel")._get_kernel_context

    def __getattr__(self, name):
        running = self._running()
        return getattr(running if hasattr(running, name) else self._module, name)


# Its declared types are those of stubs, which say nothing of kernels.
cuda: Any = _Simulator(_target()) if SIMULATED else _target()

if not SIMULATED:
    extending: Any = import_module("numba.cuda.extending")
    settings: Any = import_module("numba.cuda.core.config")
    # A step of a small network has few blocks: that is no mistake to be warned of.
    settings.CUDA_LOW_OCCUPANCY_WARNINGS = 0

    @extending.overload(exp, target="cuda")
    def _exp(z):
        """exp by libdevice, in the type of its argument."""
        return lambda z: math.exp(z)

    @extending.overload(turned, target="cuda")
    def _turned(share):
        """By libdevice, whose functions of half turns need no memory."""
        module, single = cuda.libdevice, share == types.float32
        cosine = module.cospif if single else module.cospi
        sine = module.sinpif if single else module.sinpi
        return lambda share: (cosine(share + share), sine(share + share))
