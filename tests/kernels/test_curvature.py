"""The Gauss-Newton matrix against finite differences of the outputs, and its limits."""

import numpy as np
import pytest
from gradclinic.kernels import objective
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.curvature import ROOTS
from gradclinic.kernels.job import rows_of
from gradclinic.kernels.objective import Objective
from scipy.special import expit, softmax

from .test_gradients import problem


def second_derivative(loss, z, y):
    """d2 loss / dz2 of one row, float64[o, o], from the loss's definition."""
    if loss == "mse":
        return 2 * np.eye(z.size) / z.size
    if loss == "huber":
        return np.diag(np.abs(z - y) <= 1) / z.size
    if loss == "binary_cross_entropy":
        return np.diag(expit(z) * (1 - expit(z))) / z.size
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


def naive_curvature(net, params, x, y):
    """mean over rows of J^T S J, J by central differences."""
    step, columns = 1e-6, []
    for k in range(params.size):
        up, down = params.copy(), params.copy()
        up[k] += step
        down[k] -= step
        columns.append((net.predict(up, x) - net.predict(down, x)) / (2 * step))
    jac, z = np.stack(columns, axis=-1), net.predict(params, x)
    y = np.asarray(y, dtype=float).reshape(len(x), -1)
    rows = zip(jac, z, y, strict=True)
    return np.mean([j.T @ second_derivative(net.loss, *r) @ j for j, *r in rows], 0)


def curvature(net, params, x, y, l2=0.0):
    data = rows_of(net, x, y, None, params.dtype.name)
    return Objective(net, data, params.dtype.name, l2).curvature(params)


@pytest.mark.parametrize("loss", ROOTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_it_is_that_of_the_outputs(activation, loss):
    case = problem([4, 6, 5, 3], activation, loss, 9, seed=5)
    got, wanted = curvature(*case), naive_curvature(*case)
    np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-7 * np.abs(wanted).max())
    assert np.linalg.eigvalsh(got)[0] > -1e-12 * np.abs(got).max()


def test_blocks_of_rows_and_the_penalty_add_up(monkeypatch):
    case = problem([4, 6, 3], "tanh", "cross_entropy", 23, seed=5)
    whole = curvature(*case)
    monkeypatch.setattr(objective, "JACOBIAN", 5 * 3 * case[0].n_params)
    np.testing.assert_allclose(curvature(*case), whole, rtol=1e-12, atol=1e-15)
    added = curvature(*case, l2=0.3) - curvature(*case)
    weights = np.zeros(case[0].n_params)
    for start, i, o in case[0].matrices:
        weights[start : start + i * o] = 0.3
    np.testing.assert_allclose(added, np.diag(weights), atol=1e-15)


def test_a_linear_network_has_the_hessian_itself():
    net, params, x, y = problem([4, 2], "identity", "mse", 30, seed=1)
    step, hessian = 1e-5, []
    for k in range(params.size):
        up, down = params.copy(), params.copy()
        up[k] += step
        down[k] -= step
        slopes = [net.loss_and_grad(p, x, y)[1] for p in (up, down)]
        hessian.append((slopes[0] - slopes[1]) / (2 * step))
    np.testing.assert_allclose(curvature(net, params, x, y), hessian, atol=1e-8)


def test_the_objective_is_the_loss_in_pieces_too(monkeypatch):
    net, params, x, y = problem([4, 6, 3], "tanh", "cross_entropy", 23, seed=5)
    data = rows_of(net, x, y, None, "float64")
    loss, grad = net.loss_and_grad(params, x, y)
    for rows in (4096, 7):
        monkeypatch.setattr(objective, "ROWS", rows)
        point = Objective(net, data, "float64")(params)
        assert point.value == point.loss == pytest.approx(loss, rel=1e-13)
        np.testing.assert_allclose(point.grad, grad, rtol=1e-11, atol=1e-15)
        assert point.metric == pytest.approx(net.evaluate(params, x, y)[1])
