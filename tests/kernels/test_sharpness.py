"""SAM around rules of every kind, against its definition, alone and in training."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, mlp, train
from gradclinic.kernels.sharpness import sam

NET = mlp([4, 5, 3], "tanh")
BASES = ("sgd", "momentum", "adamw", "adafactor", "lars")


@pytest.mark.parametrize("name", BASES)
def test_it_steps_by_the_gradient_uphill(name, rng):
    base, n, layout = OPTIMIZERS[name], NET.n_params, NET.layout
    wrapped, params = sam(base, rho=0.3), rng.normal(size=n)
    wanted, hills = params.copy(), rng.normal(size=(6, n, n))
    state = wrapped.init_state(n, np.float64, layout)
    inner = base.init_state(n, np.float64, layout)
    for step, hill in enumerate(hills, 1):
        g = hill @ wanted
        top = wanted + 0.3 * g / np.linalg.norm(g)
        wrapped.update(params, g, state, step=2 * step - 1, layout=layout, lr=0.05)
        np.testing.assert_allclose(params, top, rtol=1e-12)
        wrapped.update(params, hill @ top, state, step=2 * step, layout=layout, lr=0.05)
        base.update(wanted, hill @ top, inner, step=step, layout=layout, lr=0.05)
        np.testing.assert_allclose(params, wanted, rtol=1e-12)


def test_a_step_of_training_takes_two_gradients_of_its_batch(rng):
    x, y = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)
    params = NET.init(0, np.float64)
    wanted, velocity, norms = params.copy(), 0.0, []
    options = {"optimizer": "sam", "lr": 0.2, "rho": 0.4}
    history = train(NET, params, x, y, batch_size=None, epochs=6, **options)
    for _ in range(6):
        g = NET.loss_and_grad(wanted, x, y)[1]
        norms.append(np.linalg.norm(g))
        g = NET.loss_and_grad(wanted + 0.4 * g / norms[-1], x, y)[1]
        velocity = 0.9 * velocity + g
        wanted = wanted - 0.2 * velocity
    np.testing.assert_allclose(params, wanted, rtol=1e-9)
    np.testing.assert_allclose(history.gradient_norm, norms, rtol=1e-9)


def test_a_gradient_of_zero_climbs_nowhere():
    optimizer, params = OPTIMIZERS["sam"], np.ones(3)
    optimizer.update(params, np.zeros(3), optimizer.init_state(3, np.float64), step=1)
    assert (params == 1).all()


def test_what_it_declares():
    wrapped = OPTIMIZERS["sam"]
    assert (wrapped.gradients, wrapped.elementwise) == (2, False)
    assert list(wrapped.defaults)[-1] == "rho"
    assert wrapped.slots == OPTIMIZERS["momentum"].slots + 1
