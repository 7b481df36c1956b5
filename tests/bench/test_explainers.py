"""Ways to explain a network: what their papers promise, on networks that are known."""

import numpy as np
import pytest
from gradclinic.bench import attributions, importances
from gradclinic.bench.execution.explainer import Subject
from gradclinic.bench.execution.explainers import EXPLAINERS, explainer
from gradclinic.bench.execution.explainers.grouped_permutation import groups
from gradclinic.bench.execution.explainers.surrogate_tree import surrogate
from gradclinic.bench.studies.exhibits.pixels import made_for
from gradclinic.kernels import layers as L
from gradclinic.kernels import mlp, sequential, train
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

LOCAL = [n for n, e in EXPLAINERS.items() if e.attribute and n != "randomised"]
RANKING = [n for n, e in EXPLAINERS.items() if e.rank]
MODELS = [n for n, e in EXPLAINERS.items() if e.fit]
MATTERS = 2  # of the inputs of `learnt`, the first


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 6)).astype(np.float32)
    y = (x[:, 0] + x[:, 1] * np.abs(x[:, 1]) > 0).astype(np.int64)
    return x, y


@pytest.fixture(scope="module")
def learnt(rows):
    """A network whose class depends on two of six inputs."""
    net = mlp([6, 16, 2])
    params = net.init(seed=0)
    train(net, params, *rows, lr=0.01, epochs=20, seed=0)
    return net, params


def random_network(seed, outputs=3, loss="cross_entropy"):
    net = mlp([4, 7, outputs], "tanh", loss)
    return net, net.init(seed, np.float64) + 0.1


def test_every_method_says_where_it_comes_from():
    for name, each in EXPLAINERS.items():
        assert each.label and each.source, name
        assert any((each.attribute, each.rank, each.fit)), name


@pytest.mark.parametrize("name", [*LOCAL, *RANKING])
def test_inputs_that_matter_come_first(learnt, rows, name):
    found = importances(*learnt, *rows, method=name)
    assert found.shape == (6,) and found.dtype == float
    assert set(np.argsort(found)[-MATTERS:]) == {0, 1}
    again = importances(*learnt, *rows, method=name)
    np.testing.assert_array_equal(found, again)


@pytest.mark.parametrize("numeric", [False, True])
@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_is_read_learns_and_ranks(rows, name, numeric):
    x, classes = rows
    y = (x[:, :1] + 2 * x[:, 1:2]) if numeric else classes[:, None].astype(np.float32)
    each = EXPLAINERS[name]
    model = each.fit(x, y, numeric, 0, **each.chosen({}))
    assert set(np.argsort(model.importances)[-MATTERS:]) == {0, 1}
    out = model.predict(x)
    assert out.dtype == np.float32 and len(out) == len(x)
    if numeric:
        assert np.corrcoef(out[:, 0], y[:, 0])[0, 1] > 0.8
    else:
        assert np.isfinite(out).all()
        assert (out.argmax(axis=1) == classes).mean() > 0.8
        np.testing.assert_allclose(np.exp(out).sum(axis=1), 1, atol=0.01)


@settings(deadline=None)  # it compiles at first
@given(seed=st.integers(0, 99), loss=st.sampled_from(["cross_entropy", "mse"]))
def test_integrated_gradients_are_complete(seed, loss):
    """They add up to F(x) - F(mean): Sundararajan et al. (2017), proposition 1."""
    net, params = random_network(seed, loss=loss)
    x = np.random.default_rng(seed).normal(size=(9, 4))
    subject = Subject(net, params, x, np.zeros((9, net.targets)))
    found = attributions(net, params, x, steps=64)
    start = np.repeat(x.mean(axis=0)[None], 9, axis=0)
    gap = subject.score(x, subject.asked) - subject.score(start, subject.asked)
    np.testing.assert_allclose(found.sum(axis=1), gap, rtol=1e-3, atol=1e-3)


def test_more_steps_come_closer():
    net, params = random_network(3)
    x = 3 * np.random.default_rng(3).normal(size=(20, 4))
    subject = Subject(net, params, x, np.zeros((20, 1)))
    start = np.repeat(x.mean(axis=0)[None], 20, axis=0)
    gap = subject.score(x, subject.asked) - subject.score(start, subject.asked)
    errors = [
        np.abs(attributions(net, params, x, steps=n).sum(axis=1) - gap).max()
        for n in (2, 8, 64)
    ]
    assert errors[0] > errors[1] > errors[2]


def test_of_a_linear_network_all_gradients_are_the_weights():
    net = mlp([3, 1], loss="mse")
    params = np.array([2.0, -1.0, 0.5, 0.3])
    x = np.random.default_rng(0).normal(size=(6, 3))
    away = x - x.mean(axis=0)
    wanted = {
        "saliency": np.tile(params[:3], (6, 1)),
        "smooth_grad": np.tile(params[:3], (6, 1)),
        "gradient_times_input": away * params[:3],
        "integrated_gradients": away * params[:3],
    }
    for name, values in wanted.items():
        np.testing.assert_allclose(attributions(net, params, x, name), values)


def test_a_shift_of_all_logits_changes_no_attribution():
    net, params = random_network(1)
    x = np.random.default_rng(1).normal(size=(5, 4))
    moved = params.copy()
    moved[-3:] += 7.0  # biases of the outputs
    for name in LOCAL:
        np.testing.assert_allclose(
            attributions(net, moved, x, name), attributions(net, params, x, name)
        )


def test_weights_in_small_units_mislead_unless_scaled(rows):
    """What is 100 times as large needs a weight of a hundredth."""
    net = mlp([2, 1], loss="mse")
    params = np.array([1.0, 0.01, 0.0])
    x = np.random.default_rng(0).normal(size=(50, 2)) * [1.0, 100.0]
    plain = importances(net, params, x, method="first_layer_weights")
    np.testing.assert_allclose(plain, [1.0, 0.01])
    scaled = importances(net, params, x, method="first_layer_weights", scaled=True)
    np.testing.assert_allclose(scaled, [1.0, 1.0], rtol=0.3)


def test_weights_are_read_of_a_dense_layer_only():
    net = sequential((4, 4, 1), [L.Conv2D(2, 3), L.Flatten(), L.Dense(2)])
    with pytest.raises(ValueError, match="a dense layer comes first"):
        importances(net, net.init(0), np.zeros((2, 16)), method="first_layer_weights")


def test_copies_are_one_group_and_share_their_importance():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 3))
    x = np.column_stack([x[:, 0], x[:, 0] + 1e-3 * x[:, 2], x[:, 1]])
    member = groups(x, 0.7)
    assert member[0] == member[1] != member[2]
    assert groups(x[:, :1], 0.7).tolist() == [1]
    net = mlp([3, 1], loss="mse")
    params = np.array([0.5, 0.5, 0.6, 0.0])
    y = net.predict(params, x)
    alone = importances(net, params, x, y, "permutation", repeats=20)
    joint = importances(net, params, x, y, "grouped_permutation", repeats=20)
    assert alone[2] > alone[0] and joint[0] == joint[1] > joint[2]


def test_a_deeper_tree_imitates_better(learnt, rows):
    x, y = rows
    subject = Subject(*learnt, x, y)
    said = learnt[0].predict(learnt[1], x).argmax(axis=1)
    shares = [(surrogate(subject, d).predict(x) == said).mean() for d in (1, 3, 8)]
    assert shares[0] < shares[1] < shares[2]


def test_random_weights_explain_nothing(learnt, rows):
    trained = importances(*learnt, *rows, method="gradient_times_input")
    random = [
        importances(*learnt, *rows, method="randomised", seed=seed)
        for seed in range(20)
    ]
    agreement = [spearmanr(trained, each)[0] for each in random]
    assert abs(np.mean(agreement)) < 0.3


def test_an_image_is_made_for_its_class(learnt):
    net, params = learnt
    images = [made_for(net, params, np.full(6, 0.5), wanted) for wanted in (0, 1)]
    out = net.predict(params, np.stack(images))
    assert out[0, 0] - out[0, 1] > out[1, 0] - out[1, 1]
    assert all(((image >= 0) & (image <= 1)).all() for image in images)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"method": "salience"}, "did you mean 'saliency'"),
        ({"method": "saliency", "depth": 3}, "has no option 'depth'"),
        ({"method": "linear"}, "a model of its own"),
        ({"method": "permutation", "y": None}, "pass y, the targets of x"),
        ({"x": np.zeros((0, 6))}, "x"),
        ({"x": np.zeros((3, 5))}, "x"),
        ({"params": np.full(130, np.nan, np.float32)[:0]}, "params"),
    ],
)
def test_what_cannot_be_explained_is_said_in_a_sentence(learnt, rows, change, said):
    net, params = learnt
    asked = {"params": params, "x": rows[0], "y": rows[1]} | change
    with pytest.raises(ValueError) as raised:
        importances(net, **asked)
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_a_diverged_network_has_no_importances(learnt, rows):
    net, params = learnt
    with pytest.raises(ValueError, match="not finite"):
        importances(net, np.full_like(params, np.nan), *rows, method="saliency")


def test_only_some_methods_attribute(learnt, rows):
    with pytest.raises(ValueError, match="call importances"):
        attributions(*learnt, rows[0], "permutation")
    with pytest.raises(ValueError, match="no method"):
        explainer("nothing like it at all")
