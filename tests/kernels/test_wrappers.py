"""Max-norm and averages around rules of every kind, against NumPy."""

import numpy as np
import pytest
from gradclinic.kernels import OPTIMIZERS, averaging, max_norm, mlp, train
from gradclinic.kernels.functions import compiled

NET = mlp([4, 5, 3])
BASES = ("sgd", "momentum", "adamw", "adafactor", "lars")


def steps(base, wrapped, rng, count=8):
    """(step, wrapped's parameters and state) with base's parameters, stepped alike."""
    n, layout = NET.n_params, NET.layout
    params = rng.normal(size=n)
    state = wrapped.init_state(n, np.float64, layout)
    for step, g in enumerate(rng.normal(size=(count, n)), 1):
        before = params.copy(), state.copy()
        wrapped.update(params, g, state, step=step, layout=layout, lr=0.2)
        yield step, g, before, params, state


@pytest.mark.parametrize("name", BASES)
def test_no_unit_is_longer_than_the_limit(name, rng):
    base, wrapped = OPTIMIZERS[name], max_norm(OPTIMIZERS[name], limit=1.5)
    shortened = 0
    for step, g, (wanted, state), params, after in steps(base, wrapped, rng):
        base.update(wanted, g, state, step=step, layout=NET.layout, lr=0.2)
        for start, i, o in NET.matrices.tolist():
            weights = wanted[start : start + i * o].reshape(i, o)
            lengths = np.linalg.norm(weights, axis=0)
            shortened += (lengths > 1.5).sum()
            weights *= np.minimum(1, 1.5 / lengths)
        np.testing.assert_allclose(params, wanted, rtol=1e-12)
        np.testing.assert_allclose(after, state, rtol=1e-12)
    assert shortened


@pytest.mark.parametrize("name", BASES)
def test_the_mean_is_of_the_weights_from_a_step_on(name, rng):
    base, wrapped = OPTIMIZERS[name], averaging(OPTIMIZERS[name], start=4)
    average = compiled(wrapped.average, "average", "float64")
    visited, out = [], np.empty(NET.n_params)
    inner = base.init_state(NET.n_params, np.float64, NET.layout)
    for step, g, (plain, _), params, state in steps(base, wrapped, rng):
        base.update(plain, g, inner, step=step, layout=NET.layout, lr=0.2)
        np.testing.assert_allclose(params, plain, rtol=1e-12)
        visited.append(params.copy())
        average(out, params, state, wrapped.hyper(), step, NET.matrices)
        last = visited[3:] or visited[-1:]
        np.testing.assert_allclose(out, np.mean(last, axis=0), rtol=1e-10)
        assert state.size == inner.size + NET.n_params


def test_both_train_and_predict_with_what_they_keep(rng):
    x, y = rng.normal(size=(60, 4)), rng.integers(0, 3, 60)
    params = NET.init(0, np.float64)
    rule = averaging(max_norm(OPTIMIZERS["adam"], limit=0.5), start=10)
    history = train(NET, params, x, y, optimizer=rule, lr=0.05, epochs=10)
    assert history.status == "ok"
    for start, i, o in NET.matrices.tolist():
        weights = params[start : start + i * o].reshape(i, o)
        assert (np.linalg.norm(weights, axis=0) <= 0.5 + 1e-9).all()


@pytest.mark.parametrize("wrapper", [max_norm, averaging])
def test_a_wrong_option_or_rule_is_one_sentence(wrapper):
    with pytest.raises(ValueError, match=r"limit|start"):
        own = "limit" if wrapper is max_norm else "start"
        wrapper(OPTIMIZERS["adam"], **{own: 0})
    averages = averaging(OPTIMIZERS["adam"])
    with pytest.raises(ValueError, match="does not"):
        wrapper(averages)
