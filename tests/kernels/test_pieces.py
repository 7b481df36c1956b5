"""However a batch is cut or stored, and whatever the threads, the result stands."""

import numpy as np
import pytest
from gradclinic.kernels import mlp, train
from gradclinic.kernels.split import SHARED_WORK
from gradclinic.kernels.threads import available_threads

NET = mlp([6, 10, 9, 8, 3], "tanh", dropout=0.2, input_noise=0.1)


def trained(net=NET, rows=150, dtype=np.float64, **options):
    """(params, history) after two epochs of Adam."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, net.inputs)).astype(dtype)
    y = rng.integers(0, net.outputs, rows)
    params = net.init(0, dtype)
    settings = {"epochs": 2, "batch_size": 64, "validation": (x[:50], y[:50])}
    return params, train(net, params, x, y, **{**settings, **options})


@pytest.fixture(scope="module")
def plain():
    return trained()


@pytest.mark.parametrize("rows", [1, 7, 32, 63])
def test_pieces_of_a_batch_add_up(plain, rows):
    params, history = trained(micro_batch=rows)
    np.testing.assert_allclose(params, plain[0], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(history.val_loss, plain[1].val_loss, rtol=1e-10)


@pytest.mark.parametrize("layers", [1, 2, 3, 5, 100])
def test_checkpoints_change_nothing(plain, layers):
    params, history = trained(checkpoint=layers)
    np.testing.assert_array_equal(params, plain[0])
    np.testing.assert_array_equal(history.train_loss, plain[1].train_loss)
    np.testing.assert_array_equal(history.val_loss, plain[1].val_loss)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_half_storage_is_close(plain, dtype):
    params, history = trained(storage="float16", dtype=dtype)
    np.testing.assert_allclose(history.train_loss, plain[1].train_loss, rtol=2e-3)
    assert np.abs(params - plain[0]).max() < 0.02
    assert not np.array_equal(params, plain[0])


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
@pytest.mark.parametrize("options", [{}, {"micro_batch": 9}, {"storage": "float16"}])
def test_threads_change_nothing(options):
    one, two = (trained(threads=threads, **options)[0] for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.skipif(available_threads() < 2, reason="needs two threads")
def test_threads_change_nothing_where_the_batch_is_split():
    net, batch = mlp([64, 300, 10]), 400
    assert batch * net.n_params > SHARED_WORK
    options = {"rows": 2 * batch, "batch_size": batch, "dtype": np.float32}
    one, two = (trained(net, threads=threads, **options)[0] for threads in (1, 2))
    np.testing.assert_array_equal(one, two)
