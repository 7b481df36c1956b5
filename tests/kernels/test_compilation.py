"""One training loop for every network: nothing is compiled per architecture."""

import numpy as np
import pytest
from gradclinic.kernels import job, mlp, train, train_population
from gradclinic.kernels.loop import drivers, training
from numba import typeof

NETWORKS = [
    (mlp([4, 2], "relu"), "adam"),
    (mlp([4, 9, 2], "tanh", dropout=0.5), "sgd"),
    (mlp([4, 3, 5, 2], "gelu"), "momentum"),
    (mlp([4, 8, 8, 8, 2], "elu", "hinge"), "adamw"),
    (mlp([4, 6, 2], "sigmoid", "mse", input_noise=0.1), "adam"),
    (mlp([4, 6, 2], "softplus", "huber"), "sgd"),
    (mlp([4, 6, 1], "leaky_relu", "binary_cross_entropy"), "momentum"),
    (mlp([4, 1, 1], "identity", "hinge"), "adamw"),
    (mlp([4, 200, 2], "relu", dropout=0.1, input_noise=0.3), "adam"),
    (mlp([4, *[3] * 12, 2], "tanh", "cross_entropy"), "sgd"),
]


def targets(net, rows):
    return np.zeros((rows, net.targets))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ten_networks_and_four_optimizers_share_one_loop(dtype, monkeypatch):
    loops, compiled_for = set(), job._compiled_for

    def spy(function, dtype, arguments):
        if function is training.train_serial:
            loops.add(tuple(typeof(argument) for argument in arguments))
        return compiled_for(function, dtype, arguments)

    monkeypatch.setattr(job, "_compiled_for", spy)
    x = np.zeros((20, 4))
    for net, optimizer in NETWORKS:
        y, options = targets(net, 20), {"optimizer": optimizer, "epochs": 1}
        train(net, net.init(0, dtype), x, y, validation=(x, y), l2=0.1, **options)
        train_population(net, x, y, [1, 2], 0.01, dtype=dtype, **options)
    assert len(loops) == 1


def test_the_population_loop_has_one_signature_per_dtype():
    x = np.zeros((20, 4))
    for dtype in (np.float32, np.float64):
        for net, optimizer in NETWORKS[:4]:
            options = {"optimizer": optimizer, "dtype": dtype, "epochs": 1}
            train_population(net, x, targets(net, 20), [1], 0.01, **options)
    assert len(drivers.train_population.signatures) == 2
