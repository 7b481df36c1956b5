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


# Its declared types are those of stubs, which say nothing of kernels.
cuda: Any = _target()

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
