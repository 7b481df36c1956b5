"""The CUDA kernels in Numba's simulator, which must be on before Numba is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "chosen",
    ["not exhaustive", pytest.param("exhaustive", marks=pytest.mark.exhaustive)],
)
def test_the_cuda_kernels_in_the_simulator(chosen):
    # What xdist tells its workers is not for this process.
    around = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-m", chosen, "tests/cuda"],
        cwd=ROOT,
        env={**around, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
    )
    # Nothing collected would be 5.
    assert done.returncode == 0, done.stdout + done.stderr
