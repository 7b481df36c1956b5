"""A training on the device gives the curves that the CPU's gives."""

import numpy as np
import pytest

from . import trainings

# What a device computes without a word, NumPy warns of in the simulator.
pytestmark = pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
CLOSE = {"float32": 1e-4, "float64": 1e-10}


@pytest.mark.parametrize(
    "case", trainings.first_or_exhaustive(trainings.CASES, trainings.FIRST)
)
def test_training(case, expected):
    close = CLOSE[trainings.CASES[case][2]]
    for name, value in trainings.trained(case, "cuda").items():
        wanted = expected[f"one.{case}.{name}"]
        if name == "status":
            assert value.tolist() == wanted.tolist()
        else:
            # What is no longer finite may be infinite here and NaN there.
            value, wanted = (
                np.where(np.isfinite(v), v, np.nan) for v in (value, wanted)
            )
            np.testing.assert_allclose(value, wanted, rtol=close, atol=close / 100)
