"""How long it takes to begin: a fresh process, an empty cache, a thousand trainings."""

import os
import subprocess
import sys
import tempfile
import time
from typing import Any

import numpy as np

from .settings import ProfileSettings

FIRST_STEP = """
import numpy as np
from gradclinic.kernels import mlp, train
net = mlp([64, 64, 10])
x, y = np.ones((32, 64), np.float32), np.zeros(32, np.int64)
train(net, net.init(0), x, y, batch_size=32, epochs=1)
"""


def measure(settings: ProfileSettings, progress) -> dict:
    """The `start` of a profile."""
    progress(0, 3, "Fresh processes to their first step")
    command = [sys.executable, "-c", FIRST_STEP]
    _seconds(command)  # fills the cache
    first = [_seconds(command) or np.nan for _ in range(3 if settings.quick else 5)]
    progress(1, 3, "A thousand trainings")
    trainings = 100 if settings.quick else 1000
    population = _population(trainings, settings)
    cold = None
    if not settings.quick:
        progress(2, 3, "Compiling all kernels into an empty cache")
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "GRADCLINIC_CACHE_DIR": folder}
            warm = [sys.executable, "-m", "gradclinic.bench", "doctor", "--warm"]
            cold = _seconds(warm, environment)
    return {
        "first_step_seconds": float(np.median(first)),
        "cold_compile_seconds": cold,
        "trainings": trainings,
        "population_seconds": population,
        "population_1000_seconds": population if trainings == 1000 else None,
    }


def _seconds(command: list[str], environment: dict | None = None) -> float | None:
    """Wall seconds of a command; None where it fails."""
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True)
    return time.perf_counter() - began if done.returncode == 0 else None


def _population(trainings: int, settings: ProfileSettings) -> float:
    """Seconds of whole trainings of 64-64-10 on scikit-learn's digits: 20 epochs."""
    from sklearn.datasets import load_digits

    from ....kernels import mlp, train_population

    digits: Any = load_digits()
    x, y = (digits.data / 16).astype(np.float32), digits.target
    options: dict[str, Any] = {"batch_size": 32, "threads": settings.threads}
    train_population(mlp([64, 64, 10]), x, y, range(2), 1e-3, epochs=1, **options)
    began = time.perf_counter()
    train_population(
        mlp([64, 64, 10]), x, y, range(trainings), 1e-3, epochs=20, **options
    )
    return time.perf_counter() - began
