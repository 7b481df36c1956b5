"""scikit-learn's published example "Compare stochastic learning strategies", digits.

15 epochs of a 64-100-10 ReLU network on all 1,797 images scaled to [0, 1], batches of
200, learning rate 0.2, L2 1e-4 a batch; it prints training score and loss of one seed.
"""

import numpy as np
import pytest
from gradclinic.kernels import mlp, train_population
from sklearn.datasets import load_digits
from sklearn.preprocessing import MinMaxScaler

SEEDS = range(10)


@pytest.mark.parametrize(
    ("optimizer", "score", "loss"),
    [
        ("sgd", 0.9560, 0.2438),
        ("momentum", 0.9928, 0.0413),
        ("nesterov", 0.9939, 0.0429),
    ],
)
def test_training_score_and_loss_are_reproduced(optimizer, score, loss):
    x, y = load_digits(return_X_y=True)
    x = MinMaxScaler().fit_transform(x).astype(np.float32)
    net = mlp([64, 100, 10], "relu", "cross_entropy")
    runs = train_population(
        net,
        x,
        y,
        SEEDS,
        0.2,
        optimizer,
        batch_size=200,
        epochs=15,
        l2=1e-4 / 200,
        initialiser="glorot_uniform",
    )
    scores = [net.evaluate(params, x, y)[1] for params in runs.params]
    assert set(runs.status) == {"ok"}
    for published, ours in ((score, scores), (loss, runs.train_loss[:, -1])):
        assert abs(np.mean(ours) - published) < 3 * np.std(ours, ddof=1)
