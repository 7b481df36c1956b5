"""Rosenblatt's perceptron: its rule, Novikoff's bound, and what it cannot learn."""

import numpy as np
import pytest
from gradclinic.kernels import Perceptron, layers, sequential

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64)
XOR = np.array([0, 1, 1, 0])


def separable(seed):
    """(x, y in -1 and 1, the mistakes that Novikoff allows) of a set with a margin."""
    rng = np.random.default_rng(seed)
    rows, inputs = int(rng.integers(2, 40)), int(rng.integers(1, 8))
    plane = rng.normal(size=inputs + 1)
    plane /= np.linalg.norm(plane)
    x = rng.normal(size=(rows, inputs)) * rng.choice([0.1, 1, 10])
    long = np.column_stack([x, np.ones(rows)])
    z = long @ plane
    apart = np.abs(z) > 0.02
    x, long, y = x[apart], long[apart], np.where(z > 0, 1, -1)[apart]
    if len(np.unique(y)) < 2:
        return separable(seed + 1000)
    gamma = (y * (long @ plane)).min()
    return x, y, (np.linalg.norm(long, axis=1).max() / gamma) ** 2


def test_mistakes_are_at_most_those_of_the_bound():
    for seed in range(1000):
        x, y, most = separable(seed)
        unit = Perceptron(epochs=int(most) + 2, seed=seed).fit(x, y)
        assert unit.mistakes.sum() <= most, seed
        assert unit.converged and unit.mistakes[-1] == 0
        assert (unit.predict(x) == y).all()


def naive(x, y, passes):
    """(w, b, mistakes a pass) of rows in their order, from the paper's rule."""
    w, b, mistakes = np.zeros(x.shape[1]), 0.0, []
    for order in passes:
        wrong = 0
        for row in order:
            if y[row] * (w @ x[row] + b) <= 0:
                w, b, wrong = w + y[row] * x[row], b + y[row], wrong + 1
        mistakes.append(wrong)
    return w, b, mistakes


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_is_the_rule_of_the_paper(dtype):
    from gradclinic.kernels.philox import shuffle

    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 4)).astype(dtype), rng.choice([-1, 1], 30)
    order, passes = np.arange(30), []
    for epoch in range(1, 6):
        shuffle(order, epoch, 3, 1)
        passes.append(order.copy())
    unit = Perceptron(epochs=5, seed=3 + 2**32).fit(x, y)
    w, b, mistakes = naive(x.astype(float), y, passes)
    np.testing.assert_allclose(unit.weights, w, rtol=1e-12)
    assert unit.bias == b and unit.mistakes.tolist() == mistakes
    assert unit.mistakes.dtype == np.int64 and not unit.converged


def test_the_order_follows_the_seed():
    x, y, _ = separable(5)
    first, again, other = (Perceptron(3, seed).fit(x, y) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.weights, again.weights)
    assert (first.weights != other.weights).any()


def test_labels_are_kept_as_given():
    y = np.array(["no", "no", "no", "yes"])
    unit = Perceptron().fit(CORNERS.tolist(), y)
    assert unit.converged and unit.predict(CORNERS).tolist() == y.tolist()
    assert Perceptron().fit(CORNERS, [0, 7, 7, 7]).predict([[1, 1]]).tolist() == [7]


def test_it_never_settles_on_xor_and_two_layers_of_thresholds_do():
    unit = Perceptron(epochs=1000).fit(CORNERS, XOR)
    assert not unit.converged
    assert len(unit.mistakes) == 1000 and (unit.mistakes > 0).all()
    net = sequential(
        (2,),
        [
            layers.Dense(2),
            layers.Threshold(),
            layers.Dense(1),
            layers.Threshold(),
        ],
        "mse",
    )
    # Neuron 0 is AND, neuron 1 is OR; the output is "or, but not and".
    params = np.array([1, 1, 1, 1, -2, -1, -2, 1, -1], dtype=np.float64)
    assert net.predict(params, CORNERS)[:, 0].tolist() == XOR.tolist()
    assert net.evaluate(params, CORNERS, XOR) == (0.0, 1.0)


def test_a_perceptron_sets_the_weights_of_a_threshold():
    wanted = [0, 0, 0, 1]
    unit = Perceptron().fit(CORNERS, wanted)
    net = sequential((2,), [layers.Dense(1), layers.Threshold()], "mse")
    params = np.array([*unit.weights, unit.bias])
    assert net.predict(params, CORNERS)[:, 0].tolist() == wanted


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Perceptron(epochs=0), "epochs"),
        (lambda: Perceptron(seed=-1), "seed"),
        (lambda: Perceptron().predict([[1.0]]), "call fit"),
        (lambda: Perceptron().fit([1.0, 2.0], [0, 1]), r"x must have shape"),
        (lambda: Perceptron().fit(np.empty((0, 2)), []), "no rows"),
        (lambda: Perceptron().fit([[np.nan], [1]], [0, 1]), "NaN"),
        (lambda: Perceptron().fit([["a"], ["b"]], [0, 1]), "strings"),
        (lambda: Perceptron().fit([[0], [1]], [0, 0]), "two labels, got 1: 0"),
        (lambda: Perceptron().fit([[0], [1], [2]], [0, 1, 2]), "two labels, got 3"),
        (lambda: Perceptron().fit([[0], [1]], [0, np.nan]), "y holds NaN"),
        (lambda: Perceptron().fit([[0], [1]], [0, None]), "different types"),
        (lambda: Perceptron().fit([[0], [1]], [[0], [1]]), "a label a row"),
        (lambda: Perceptron().fit([[0], [1]], None), "got NoneType"),
        (lambda: Perceptron().fit(CORNERS, XOR).predict([[1.0]]), r"\(rows, 2\)"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says) as raised:
        make()
    assert "\n" not in str(raised.value)
