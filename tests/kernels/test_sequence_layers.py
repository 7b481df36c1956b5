"""Embeddings, attention, positions, pools, reshaping: against NumPy, and misuse."""

import numpy as np
import pytest
from gradclinic.kernels import (
    layers,
    lr_range_test,
    passes,
    sequential,
    train,
    train_population,
)
from gradclinic.kernels.functions import compiled
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax


def predicted(shape, layer, x, seed=0):
    """(output of one layer on rows x, its parameters by name)."""
    net = sequential(shape, [layer], "mse")
    params = np.random.default_rng(seed).normal(size=net.n_values)
    named = {
        name.partition(".")[2]: params[start : start + int(np.prod(size))].reshape(size)
        for name, start, size in net.layout
    }
    return net.predict(params, x), named


def naive_attention(x, p, heads, causal):
    """Vaswani et al. (2017), eq. 1 and section 3.2.2, a row and a head at a time."""
    (b, t, _), size = x.shape, x.shape[2] // heads
    y = np.empty_like(x)
    for r in range(b):
        parts = []
        for h in range(heads):
            mine = slice(h * size, (h + 1) * size)
            q, k, v = (
                (x[r] @ p[name] + p[f"{name}_bias"])[:, mine]
                for name in ("query", "key", "value")
            )
            scores = q @ k.T / np.sqrt(size)
            if causal:
                scores = np.where(np.tri(t), scores, -np.inf)
            parts.append(softmax(scores, axis=1) @ v)
        y[r] = np.concatenate(parts, axis=1) @ p["output"] + p["output_bias"]
    return y


@given(
    rows=st.integers(1, 4),
    tokens=st.integers(1, 20),
    heads=st.integers(1, 3),
    size=st.integers(1, 17),
    causal=st.booleans(),
    seed=st.integers(0, 99),
)
def test_attention_follows_its_definition(rows, tokens, heads, size, causal, seed):
    x = np.random.default_rng(seed).normal(size=(rows, tokens, heads * size))
    y, named = predicted(x.shape[1:], layers.Attention(heads, causal), x, seed)
    wanted = naive_attention(x, named, heads, causal)
    np.testing.assert_allclose(y.reshape(x.shape), wanted, rtol=1e-9, atol=1e-9)


def test_attention_of_many_tokens_and_features():
    x = np.random.default_rng(0).normal(size=(5, 70, 48)) / 3
    y, named = predicted(x.shape[1:], layers.Attention(4), x)
    wanted = naive_attention(x, named, 4, False)
    np.testing.assert_allclose(y.reshape(x.shape), wanted, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_attention_does_not_overflow(dtype):
    net = sequential((4, 2), [layers.Attention()], "mse")
    params = np.zeros(net.n_params, dtype)
    for start in (0, 4, 8, 12):  # each projection is the identity
        params[start : start + 4] = (1, 0, 0, 1)
    x = np.array([[[1e4, 0], [-1e4, 0], [0, 1e4], [1, 1]]], dtype)
    y = net.predict(params, x).reshape(4, 2)
    assert np.isfinite(y).all()
    np.testing.assert_allclose(y[:3], [[1e4, 0], [-1e4, 0], [0, 1e4]], rtol=1e-6)


def test_rows_of_many_numbers_are_predicted_in_small_pieces(monkeypatch):
    x = np.random.default_rng(0).normal(size=(9, 6, 4))
    net = sequential((6, 4), [layers.Attention(2)], "mse")
    params = net.init(0, np.float64)
    whole = net.predict(params, x)
    monkeypatch.setattr(passes, "PREDICT_NUMBERS", 1000)
    np.testing.assert_allclose(net.predict(params, x), whole, rtol=1e-12)


def test_a_causal_token_sees_nothing_behind_it():
    x = np.random.default_rng(0).normal(size=(1, 6, 4))
    net = sequential((6, 4), [layers.Attention(2, causal=True)], "mse")
    params = net.init(0, np.float64)
    other = x.copy()
    other[0, 3:] += 1
    first, second = (net.predict(params, rows).reshape(6, 4) for rows in (x, other))
    np.testing.assert_allclose(first[:3], second[:3], rtol=1e-12)
    assert (first[3:] != second[3:]).all()


@pytest.mark.parametrize("features", [4, 5])
@pytest.mark.parametrize("rows", [1, 3])
def test_positions_follow_their_definition(rows, features):
    x = np.random.default_rng(0).normal(size=(rows, 7, features))
    y, _ = predicted((7, features), layers.Positions(), x)
    added = np.empty((7, features))
    for p in range(7):
        for c in range(features):
            angle = p / 10000 ** ((c // 2 * 2) / features)
            added[p, c] = np.cos(angle) if c % 2 else np.sin(angle)
    np.testing.assert_allclose(y.reshape(x.shape), x + added, rtol=1e-12, atol=1e-13)


def naive_pool(x, size, stride, reduce):
    """Windows of x, float[b, h, w, c], that fit, one at a time."""
    (_, h, w, _), (a, b), (down, across) = x.shape, size, stride
    return np.stack(
        [
            np.stack(
                [
                    reduce(x[:, i : i + a, j : j + b], axis=(1, 2))
                    for j in range(0, w - b + 1, across)
                ],
                axis=1,
            )
            for i in range(0, h - a + 1, down)
        ],
        axis=1,
    )


@given(
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)),
    channels=st.integers(1, 5),
)
def test_means_of_windows(size, stride, channels):
    x = np.random.default_rng(0).normal(size=(2, 6, 5, channels))
    y, _ = predicted(x.shape[1:], layers.AvgPool2D(size, stride), x)
    wanted = naive_pool(x, size, stride or size, np.mean)
    np.testing.assert_allclose(y, wanted.reshape(2, -1), rtol=1e-12, atol=1e-14)


@given(size=st.integers(1, 7), stride=st.none() | st.integers(1, 7))
def test_pools_of_tokens(size, stride):
    x = np.random.default_rng(0).normal(size=(3, 7, 2))
    lengths = (1, size), (1, stride or size)
    for layer, reduce in ((layers.AvgPool1D, np.mean), (layers.MaxPool1D, np.max)):
        y, _ = predicted((7, 2), layer(size, stride), x)
        wanted = naive_pool(x[:, None], *lengths, reduce).reshape(3, -1)
        np.testing.assert_allclose(y, wanted, rtol=1e-12, atol=1e-14)


def test_the_mean_over_all_but_the_channels():
    x = np.random.default_rng(0).normal(size=(3, 4, 5, 2))
    y, _ = predicted((4, 5, 2), layers.GlobalAvgPool(), x)
    np.testing.assert_allclose(y, x.mean((1, 2)), rtol=1e-12)
    assert sequential((4, 5, 2), [layers.GlobalAvgPool()], "mse").outputs == 2


@pytest.mark.parametrize("layer", [layers.MaxPool1D(2), layers.AvgPool1D(2)])
def test_one_nan_spoils_its_window(layer):
    net, x = sequential((4, 1), [layer], "mse"), np.array([[1.0, np.nan, 2.0, 3.0]])
    y, kept, none = np.empty((1, 2)), np.empty((1, 2)), np.empty(0)
    forward = compiled(layer.kind.forward, "forward", "float64")
    forward(y, kept, x, none, none, net.table[0], 0.0, np.zeros(5, np.uint32), 0, 0)
    assert np.isnan(y[0, 0]) and np.isfinite(y[0, 1])


def test_reshaping_keeps_the_numbers():
    net = sequential((2, 6), [layers.Reshape(3, -1), layers.MaxPool1D(3)], "mse")
    x = np.arange(24.0).reshape(2, 12)
    wanted = x.reshape(2, 3, 4).max(1)
    np.testing.assert_array_equal(net.predict(np.empty(0), x), wanted)
    assert layers.Reshape(3, 4) == layers.Reshape(3, 4) != layers.Reshape(4, 3)


def test_an_embedding_is_a_row_of_its_matrix():
    ids = np.array([[0, 4, 4], [2, 1, 0]])
    for dtype in (np.int64, np.uint8, np.float32):
        y, named = predicted((3,), layers.Embedding(5, 2), ids.astype(dtype))
        np.testing.assert_array_equal(y, named["weight"][ids].reshape(2, -1))


def test_a_word_that_is_none_is_nan_inside_and_reads_nothing():
    net = sequential((1,), [layers.Embedding(5, 2)], "mse")
    forward = compiled(layers.Embedding.kind.forward, "forward", "float64")
    w, none, draw = np.arange(10.0), np.empty(0), np.zeros(5, np.uint32)
    wrong = [-1, 5, 2.5, 1e300, -1e300, np.inf, -np.inf, np.nan, 4.999999, -1e-9]
    for word in (*wrong, *range(5)):
        y, x = np.empty((1, 2)), np.array([[float(word)]])
        forward(y, np.empty((1, 0)), x, w, none, net.table[0], 0.0, draw, 0, 2)
        if word in range(5):
            assert y[0].tolist() == [2 * word, 2 * word + 1]
        else:
            assert np.isnan(y).all()


def language(wrong=None):
    """(net, params, x, y) of six rows of words below 5, one of them wrong."""
    net = sequential(
        (3,), [layers.Embedding(5, 2), layers.Flatten(), layers.Dense(1)], "mse"
    )
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (6, 3)).astype(np.float64)
    if wrong is not None:
        x[2, 1] = wrong
    return net, net.init(0, np.float64), x, rng.normal(size=6)


@pytest.mark.parametrize("wrong", [-1, 5, 0.5, 1e20])
def test_a_wrong_word_is_said_in_a_sentence(wrong):
    net, params, x, y = language(wrong)
    good = language()[2]
    for ask in (
        lambda: net.predict(params, x),
        lambda: net.evaluate(params, x, y),
        lambda: net.loss_and_grad(params, x, y),
        lambda: train(net, params, x, y, epochs=1),
        lambda: train(net, params, good, y, epochs=1, validation=(x, y)),
        lambda: train(net, params, x, y, "lbfgs", epochs=1),
        lambda: train_population(net, x, y, [1, 2], 0.1, epochs=1),
        lambda: train_population(net, np.stack([good, x]), [y, y], [1, 2], 0.1),
        lambda: lr_range_test(net, params, x, y),
    ):
        with pytest.raises(ValueError, match=r"whole numbers from 0 to 4") as raised:
            ask()
        assert f"such as {wrong:g}" in str(raised.value)
        assert "\n" not in str(raised.value)


def test_a_minimiser_trains_an_embedding():
    net, params, x, y = language()
    before = net.loss_and_grad(params, x, y)[0]
    history = train(net, params, x, y, "lbfgs", epochs=30)
    assert history.train_loss[-1] < 0.1 * before


def test_a_sentence_of_words_is_learnt():
    """Is the first word found again behind the others? Attention can look back."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, (256, 5))
    net = sequential(
        (5,),
        [
            layers.Embedding(6, 16),
            layers.Positions(),
            layers.Residual([layers.LayerNorm(), layers.Attention(2)]),
            layers.Flatten(),
            layers.Dense(32, "silu"),
            layers.Dense(2),
        ],
    )
    y = (x[:, 1:] == x[:, :1]).any(1).astype(int)
    params = net.init(0)
    history = train(net, params, x, y, lr=5e-3, epochs=60, device="cpu")
    assert history.train_metric[-1] > 0.95


def logic(biases, weights, x):
    net = sequential((2,), [layers.Dense(len(biases)), layers.Threshold()], "mse")
    return net.predict(np.array([*np.ravel(weights), *biases], dtype=np.float32), x)


def test_units_of_mcculloch_and_pitts():
    x = [[0, 0], [0, 1], [1, 0], [1, 1]]
    y = logic([-2, -1, 0], [[1, 1, -1], [1, 1, 0]], x)
    assert y[:, 0].tolist() == [0, 0, 0, 1]  # AND
    assert y[:, 1].tolist() == [0, 1, 1, 1]  # OR
    assert y[:, 2].tolist() == [1, 1, 0, 0]  # NOT of the first
    net = sequential((1,), [layers.Threshold(0.5)], "mse")
    assert net.predict(np.empty(0), [[0.4], [0.5], [0.6]])[:, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: layers.Embedding(0, 2), "vocabulary"),
        (lambda: layers.Embedding(2**24 + 1, 2), "at most 16,777,216"),
        (lambda: layers.Embedding(3, 0), "outputs"),
        (lambda: layers.Attention(0), "heads"),
        (lambda: layers.Attention(1, "yes"), "causal"),
        (lambda: sequential((4,), [layers.Attention()]), "tokens, features"),
        (lambda: sequential((3, 4), [layers.Attention(3)]), "3 divides, got 4"),
        (lambda: sequential((4,), [layers.Positions()]), "tokens, features"),
        (lambda: layers.AvgPool2D((1, 2, 3)), "size"),
        (lambda: layers.AvgPool2D(2, 0), "stride"),
        (lambda: layers.MaxPool1D(0), "size"),
        (lambda: layers.AvgPool1D(2, -1), "stride"),
        (lambda: sequential((4,), [layers.AvgPool2D(2)]), "height, width, channels"),
        (lambda: sequential((4,), [layers.AvgPool1D(2)]), "tokens, channels"),
        (lambda: sequential((4,), [layers.MaxPool1D(2)]), "tokens, channels"),
        (lambda: sequential((3, 3, 1), [layers.AvgPool2D((4, 2))]), "4 x 2 does not"),
        (lambda: sequential((3, 1), [layers.AvgPool1D(4)]), "4 does not fit into 3"),
        (lambda: sequential((3, 1), [layers.MaxPool1D(4)]), "4 does not fit into 3"),
        (lambda: sequential((4,), [layers.GlobalAvgPool()]), "leave it out"),
        (lambda: layers.Reshape(), "at least one axis"),
        (lambda: layers.Reshape(-1, -1), "only one axis"),
        (lambda: layers.Reshape(2, 0), "each axis of Reshape"),
        (lambda: sequential((6,), [layers.Reshape(4)]), "hold 6 numbers"),
        (lambda: sequential((6,), [layers.Reshape(-1, 4)]), "hold 6 numbers"),
        (lambda: layers.Threshold(np.nan), "theta"),
        (
            lambda: sequential((4,), [layers.Dense(4), layers.Embedding(4, 2)]),
            "put it first",
        ),
        (
            lambda: sequential((4,), [layers.Dropout(0.1), layers.Embedding(4, 2)]),
            "put it first",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(made, says):
    with pytest.raises((ValueError, TypeError), match=says) as raised:
        made()
    assert "\n" not in str(raised.value)


def test_both_directions_are_added_step_by_step():
    """The network that reads backwards is one that reads rows turned round."""
    cell = layers.Elman(3, return_sequences=True)
    net = sequential((4, 2), [layers.Bidirectional([cell])], "mse")
    one = sequential((4, 2), [cell], "mse")
    rng = np.random.default_rng(0)
    params, x = rng.normal(size=net.n_params), rng.normal(size=(5, 4, 2))
    ahead, back = params[: one.n_params], params[one.n_params :]
    turned = one.predict(back, x[:, ::-1].copy()).reshape(5, 4, 3)[:, ::-1]
    expected = one.predict(ahead, x).reshape(5, 4, 3) + turned
    np.testing.assert_allclose(
        net.predict(params, x).reshape(5, 4, 3), expected, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("shape", "layer", "said"),
    [
        ((4, 2), layers.Bidirectional([layers.GRU(3)]), "return_sequences=True"),
        ((4,), layers.Reverse(), "steps, features"),
    ],
)
def test_directions_need_steps(shape, layer, said):
    with pytest.raises(ValueError, match=said):
        sequential(shape, [layer], "mse")
