"""A training on the device gives the curves that the CPU's gives."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from . import trainings

# What a device computes without a word, NumPy warns of in the simulator.
pytestmark = pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
SCRIPT = Path(trainings.__file__)
CLOSE = {"float32": 1e-4, "float64": 1e-10}


@pytest.fixture(scope="session")
def expected(tmp_path_factory):
    """Curves of the CPU, by a process that simulates no device."""
    out = tmp_path_factory.mktemp("curves") / "cpu.npz"
    quiet = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    subprocess.run([sys.executable, SCRIPT, "cpu", out], check=True, env=quiet)
    return np.load(out)


@pytest.mark.parametrize("case", trainings.CASES)
def test_training(case, expected):
    agree("one", case, trainings.trained(case, "cuda"), expected)


def agree(kind, case, found, expected):
    close = CLOSE[trainings.CASES[case][2]]
    for name, value in found.items():
        wanted = expected[f"{kind}.{case}.{name}"]
        if name == "status":
            assert value.tolist() == wanted.tolist()
        else:
            # What is no longer finite may be infinite here and NaN there.
            value, wanted = (
                np.where(np.isfinite(v), v, np.nan) for v in (value, wanted)
            )
            np.testing.assert_allclose(value, wanted, rtol=close, atol=close / 100)
