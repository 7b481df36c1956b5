"""These tests run on a GPU, or in Numba's simulator (NUMBA_ENABLE_CUDASIM=1).

Elsewhere they are not collected: test_simulator.py in tests/kernels runs them in a
process of their own. The compile-only tests need neither.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest


def _has_gpu():
    if importlib.util.find_spec("numba_cuda") is None:
        return False
    # Not numba.cuda itself: on a new NumPy its import warns, which is an error here.
    from gradclinic.kernels.cuda.toolchain import cuda

    return cuda.is_available()


SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
GPU = not SIMULATED and _has_gpu()
# What may be chosen by `-m` without leaving out the one test that launches a kernel.
WHOLE = ("", "gpu", "not exhaustive")
collect_ignore_glob = [] if SIMULATED or GPU else ["test_kernel_*.py"]


def pytest_collection_modifyitems(items):
    """On a GPU the tests of kernels are those marked `gpu`; one test comes last."""
    for item in items:
        if GPU and item.path.name.startswith("test_kernel_"):
            item.add_marker(pytest.mark.gpu)
    items.sort(key=lambda item: item.path.name == "test_kernel_launches.py")


@pytest.fixture(scope="session")
def expected(request, tmp_path_factory):
    """What the CPU gives, by "training.dtype.field" and "one.training.field".

    By a process that simulates no device: functions that run as Python in one are not
    compiled for the CPU there.
    """
    path = tmp_path_factory.mktemp("reference") / "cpu.npz"
    script = Path(__file__).with_name("reference.py")
    clean = {k: v for k, v in os.environ.items() if k != "NUMBA_ENABLE_CUDASIM"}
    chosen = request.session.items
    every = any(item.get_closest_marker("exhaustive") for item in chosen)
    command = [sys.executable, script, path, "all" if every else "first"]
    subprocess.run(command, env=clean, check=True, timeout=1500)
    with np.load(path) as arrays:
        return dict(arrays)


@pytest.fixture
def whole_suite(request):
    """Were all tests of kernels selected, to run in this process?

    All but the exhaustive ones are enough.
    """
    config, folder = request.config, Path(__file__).parent
    within = any(folder.is_relative_to(Path(each).resolve()) for each in config.args)
    chosen = config.option.keyword or config.option.markexpr not in WHOLE
    return within and not (chosen or hasattr(config, "workerinput"))
