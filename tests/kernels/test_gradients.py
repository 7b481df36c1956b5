"""The gradient of whole networks: NumPy, scikit-learn, finite differences."""

import warnings
from itertools import chain

import numpy as np
import pytest
from gradclinic.kernels import mlp
from gradclinic.kernels.activations import ACTIVATIONS
from gradclinic.kernels.losses import LOSSES
from gradclinic.kernels.penalties import add_penalty
from hypothesis import given
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from . import naive
from .differences import gradient, relative_error


def problem(sizes, activation, loss, rows, seed, **options):
    """(net, params, x, y) at random; params leave no unit exactly at a kink."""
    rng = np.random.default_rng(seed)
    if loss in ("cross_entropy", "soft_cross_entropy"):
        sizes = [*sizes[:-1], max(2, sizes[-1])]
    net = mlp(sizes, activation, loss, **options)
    params = net.init(seed, np.float64) + 0.1 * rng.normal(size=net.n_params)
    y = {
        "class": rng.integers(0, sizes[-1], rows),
        "binary": rng.integers(0, 2, (rows, sizes[-1])),
        "value": rng.normal(size=(rows, sizes[-1])),
        "share": rng.dirichlet(np.ones(sizes[-1]), rows),
    }[net.target_kind]
    return net, params, rng.normal(size=(rows, sizes[0])), y


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@given(
    sizes=st.lists(st.integers(1, 9), min_size=2, max_size=5),
    rows=st.integers(1, 12),
    seed=st.integers(0, 999),
)
def test_agrees_with_numpy(activation, loss, sizes, rows, seed):
    net, *arguments = problem(sizes, activation, loss, rows, seed)
    got, wanted = net.loss_and_grad(*arguments), naive.loss_and_grad(net, *arguments)
    np.testing.assert_allclose(got[0], wanted[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(got[1], wanted[1], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["tanh", "gelu", "softplus", "sigmoid"])
def test_agrees_with_finite_differences(activation, loss):
    net, params, x, y = problem([5, 7, 6, 3], activation, loss, 4, seed=8)
    got = net.loss_and_grad(params, x, y)[1]
    wanted = gradient(lambda p: net.loss_and_grad(p, x, y)[0], params)
    assert relative_error(got, wanted) <= 1e-6


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_follows_float64(activation, loss):
    net, params, x, y = problem([6, 8, 4], activation, loss, 10, seed=1)
    single = net.loss_and_grad(params.astype(np.float32), x, y)
    double = net.loss_and_grad(params, x, y)
    assert single[1].dtype == np.float32
    assert single[0] == pytest.approx(double[0], rel=1e-5)
    np.testing.assert_allclose(single[1], double[1], rtol=1e-3, atol=1e-5)


def sklearn_gradient(model, params, net, x, y):
    """(loss, gradient) of scikit-learn's model: one step of SGD at rate 1 takes it."""
    settings = {"solver": "sgd", "learning_rate_init": 1.0, "momentum": 0.0}
    model.set_params(batch_size=len(x), alpha=0.0, **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        classifier = isinstance(model, MLPClassifier)
        model.partial_fit(x, y, **({"classes": np.unique(y)} if classifier else {}))
    before = [params[at : at + np.prod(s)].reshape(s) for _, at, s in net.layout]
    inside = chain(*zip(model.coefs_, model.intercepts_, strict=True))
    for theirs, ours in zip(inside, before, strict=True):
        theirs[:] = ours
    model.partial_fit(x, y)
    after = chain(*zip(model.coefs_, model.intercepts_, strict=True))
    steps = [(b - a).ravel() for b, a in zip(before, after, strict=True)]
    return model.loss_, np.concatenate(steps)


@pytest.mark.parametrize(
    ("activation", "theirs"),
    [("sigmoid", "logistic"), ("tanh", "tanh"), ("relu", "relu")],
)
@pytest.mark.parametrize(
    ("loss", "outputs", "factor"),
    # Its squared error is half of ours.
    [("cross_entropy", 4, 1), ("binary_cross_entropy", 1, 1), ("mse", 1, 2)],
)
def test_agrees_with_scikit_learn(activation, theirs, loss, outputs, factor):
    net, params, x, y = problem([6, 9, 5, outputs], activation, loss, 40, seed=3)
    y = y.ravel()
    kind = MLPRegressor if loss == "mse" else MLPClassifier
    model = kind(hidden_layer_sizes=(9, 5), activation=theirs, random_state=0)
    their_loss, their_grad = sklearn_gradient(model, params, net, x, y)
    our_loss, our_grad = net.loss_and_grad(params, x, y)
    assert our_loss == pytest.approx(factor * their_loss, rel=1e-10)
    np.testing.assert_allclose(our_grad, factor * their_grad, rtol=1e-10, atol=1e-10)


@given(l1=st.floats(0, 2), l2=st.floats(0, 2), seed=st.integers(0, 99), rows=st.just(3))
def test_a_penalty_is_the_slope_it_adds_and_spares_biases(l1, l2, seed, rows):
    net, params, *_ = problem([4, 3, 2], "tanh", "mse", rows, seed)
    grad = np.zeros_like(params)

    def penalty(p):
        weights = [p[a : a + i * o] for a, i, o in net.matrices]
        return sum(l1 * abs(w).sum() + l2 / 2 * (w**2).sum() for w in weights)

    # In two parts: a part may begin and end within a matrix.
    middle = params.size // 3
    squares = [
        add_penalty(grad, params, net.matrices, part, l1, l2)
        for part in ((0, middle), (middle, params.size))
    ]
    assert relative_error(grad, gradient(penalty, params)) <= 1e-6
    assert sum(squares) == pytest.approx((grad**2).sum())
    for name, start, shape in net.layout:
        if name.endswith("bias"):
            assert not grad[start : start + shape[0]].any()


def test_dropout_and_noise_are_off():
    net, params, x, y = problem([5, 6, 2], "tanh", "mse", 7, seed=2)
    noisy = mlp([5, 6, 2], "tanh", "mse", dropout=0.5, input_noise=1.0)
    got, wanted = (n.loss_and_grad(params, x, y) for n in (noisy, net))
    assert got[0] == wanted[0]
    np.testing.assert_array_equal(got[1], wanted[1])
    np.testing.assert_array_equal(noisy.predict(params, x), net.predict(params, x))


def test_predict_does_not_depend_on_the_pieces_and_evaluate_matches():
    net, params, x, y = problem([5, 6, 3], "relu", "cross_entropy", 1300, seed=4)
    out = net.predict(params, x)
    np.testing.assert_allclose(
        net.predict(params, x[700:705]), out[700:705], rtol=1e-12
    )
    loss, accuracy = net.evaluate(params, x, y)
    assert loss == pytest.approx(net.loss_and_grad(params, x, y)[0], rel=1e-12)
    assert accuracy == (out.argmax(1) == y).mean()
    assert net.predict(params, x[:0]).shape == (0, 3)
