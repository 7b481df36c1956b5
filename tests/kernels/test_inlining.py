"""Functions that only other kernels call leave their machine code to those."""

import os
import subprocess
import sys

import numpy as np
from gradclinic.kernels.inlining import INLINED
from gradclinic.kernels.jit import FASTMATH, jit
from numba import njit

# A backward pass of a layer, in a process of its own: both layers call `chain`.
BACKWARD = """
import sys
import numpy as np
from gradclinic.kernels.activations import ACTIVATIONS, chain
from gradclinic.kernels.functions import compiled
from gradclinic.kernels.layers import KINDS
from gradclinic.kernels import table

kind, row = KINDS[sys.argv[1]], np.zeros(table.FIELDS, np.int64)
row[table.INPUTS] = row[table.OUTPUTS] = row[table.ROWS] = row[table.COLUMNS] = 2
row[table.ACTIVATION] = ACTIVATIONS["tanh"].number
y, dy, kept = np.array([[0.5, -0.5]]), np.array([[1.0, 2.0]]), np.empty((1, 0))
dx, w = np.empty((1, 2)), np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
if kind.name == "dense":
    compiled(kind.settle, "settle", "float64")(dy, y, row, 0, 2)
backward = compiled(kind.backward, "backward", "float64")
backward(dx, dy, kept, y, y, w, row, 0.0, np.zeros(5, np.uint32), 0, 2)
print(dx.tolist(), sum(chain.stats.cache_hits.values()))
"""


def loop_of(**options):
    """A loop around a formula compiled with some options."""
    shared = {"fastmath": FASTMATH, "error_model": "numpy", "no_cpython_wrapper": True}

    @njit(**shared, **options)
    def formula(x, scale):
        return scale * x + np.sqrt(x)

    @jit(cache=False)
    def loop(out, x):
        for i in range(x.size):
            out[i] = formula(x[i], 3.0)

    return loop


def test_the_same_numbers_with_and_without(rng):
    x = rng.uniform(size=1001)
    plain, inlined = np.empty_like(x), np.empty_like(x)
    loop_of()(plain, x)
    loop_of(**INLINED)(inlined, x)
    np.testing.assert_array_equal(plain, inlined)


def test_a_cached_one_serves_a_new_caller_in_another_process(tmp_path):
    around = {**os.environ, "GRADCLINIC_CACHE_DIR": str(tmp_path)}
    found = [
        subprocess.run(
            [sys.executable, "-c", BACKWARD, kind],
            env=around,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for kind in ("dense", "activation")
    ]
    first, second = (" ".join(each[:-1]) for each in found)
    assert first == second == "[[0.75, 1.5]]"
    assert (found[0][-1], found[1][-1]) == ("0", "1")
