"""Each optimizer's kernel gives what the CPU's compiled rule gives."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS
from gradclinic.kernels.cuda import batch_place
from gradclinic.kernels.cuda.update import UPDATES
from numba import cuda


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", UPDATES)
def test_update(name, dtype):
    optimizer, kernel = OPTIMIZERS[name], UPDATES[name]
    rng, n = np.random.default_rng(0), 21
    hyper = optimizer.hyper()
    p = rng.normal(size=n).astype(dtype)
    state = optimizer.init_state(n, dtype)
    device_p, device_state = cuda.to_device(p), cuda.to_device(state)
    table = np.array([optimizer.scalars(hyper, t) for t in (1, 2, 3)], dtype=dtype)
    norms, limits = np.ones(3, dtype), np.full(2, np.inf, dtype)
    norms, limits, table = map(cuda.to_device, (norms, limits, table))
    for step in range(3):
        g = rng.normal(size=n).astype(dtype)
        place = np.zeros(batch_place.PLACES, np.int32)
        place[batch_place.INDEX] = step
        kernel.launch(
            dtype,
            2,
            0,
            device_p,
            cuda.to_device(g),
            device_state,
            table,
            cuda.to_device(place),
            norms,
            limits,
        )
        optimizer.update(p, g, state, step + 1, threads=1)
    close = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(device_p.copy_to_host(), p, rtol=close, atol=close)
    np.testing.assert_allclose(
        device_state.copy_to_host(), state, rtol=close, atol=close
    )
