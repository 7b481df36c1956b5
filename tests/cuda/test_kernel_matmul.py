"""The tiled matrix products give what NumPy's do, at any size, with every tile."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import cuda

from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.cuda import matmul
from gradclinic.kernels.cuda.jit import SIMULATED
from gradclinic.kernels.cuda.matmul import TILES
from gradclinic.kernels.network import mlp

TINY = TILES[-1]
# What each activation and its slope is, in float64 and by other means than the kernels.
CASES = [(tile, dtype) for tile in TILES for dtype in tile.dtypes]


def tiles():
    """Every tile at its dtypes; those of many threads on a GPU only."""
    slow = pytest.mark.skipif(SIMULATED, reason="too many threads to be simulated")
    return [
        pytest.param(
            tile, dtype, id=f"{tile.name}-{dtype}", marks=() if tile is TINY else slow
        )
        for tile, dtype in CASES
    ]
