"""These tests run on a GPU, or in Numba's simulator (NUMBA_ENABLE_CUDASIM=1).

Elsewhere they are not collected: test_simulator.py in tests/kernels runs them in a
process of their own. The compile-only tests need neither.
"""

import importlib.util
import os
from pathlib import Path

import pytest


def _has_gpu():
    if importlib.util.find_spec("numba_cuda") is None:
        return False
    from numba import cuda

    return cuda.is_available()


SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
GPU = not SIMULATED and _has_gpu()
collect_ignore_glob = [] if SIMULATED or GPU else ["test_kernel_*.py"]


def pytest_collection_modifyitems(items):
    """On a GPU the tests of kernels are those marked `gpu`; one test comes last."""
    for item in items:
        if GPU and item.path.name.startswith("test_kernel_"):
            item.add_marker(pytest.mark.gpu)
    items.sort(key=lambda item: item.path.name == "test_kernel_launches.py")


@pytest.fixture
def whole_suite(request):
    """Were all tests of kernels selected, to run in this process?"""
    files = set(Path(__file__).parent.glob("test_kernel_*.py"))
    config, collected = request.config, {item.path for item in request.session.items}
    names = any("::" in argument for argument in config.args)
    chosen = config.option.keyword or config.option.markexpr not in ("", "gpu")
    alone = not hasattr(config, "workerinput")
    return files <= collected and alone and not (names or chosen)
