"""scikit-learn's MLPClassifier, an epoch a call of `partial_fit`."""

import numpy as np

from .work import BETA1, BETA2, EPS, LR, Peer

PEER = Peer("scikit-learn, MLPClassifier", "scikit-learn", "sklearn", "scikit-learn")
MOST_NETWORKS = 4  # of a population: it trains one after the other


def classifier(work, network=0):
    """An MLPClassifier at the start of a network, its Adam fresh."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

    model = MLPClassifier(
        work.sizes[1:-1],
        alpha=0.0,
        batch_size=work.batch,
        shuffle=False,
        learning_rate_init=LR,
        random_state=0,
    )
    model.partial_fit(work.x[: work.batch], work.y[: work.batch], classes=classes(work))
    for k, (w, b) in enumerate(work.layers(network)):
        model.coefs_[k], model.intercepts_[k] = w, b
    parameters = model.coefs_ + model.intercepts_
    # It adds eps to the square root before the bias is taken out of it.
    eps = EPS * np.sqrt(1 - BETA2)
    model._optimizer = AdamOptimizer(parameters, LR, BETA1, BETA2, eps)
    if work.sizes[-1] == 2:  # it would take one output for two classes
        model.n_outputs_, model.out_activation_ = 2, "softmax"
        setattr(model, "_label_binarizer", TwoColumns())  # noqa: B010
    return model


class TwoColumns:
    """Two classes as two columns, so that the last layer is that of all peers."""

    def transform(self, y):
        return np.eye(2, dtype=np.int64)[y]

    y_type_ = "multiclass"


def classes(work):
    """All class numbers."""
    return np.arange(work.sizes[-1])


def prepare(work):
    """See `peers`; of a population, the first few networks."""
    count = min(work.networks, MOST_NETWORKS)
    models = [classifier(work, k) for k in range(count)]
    if work.kind == "predict":
        return lambda epochs: [models[0].predict_proba(work.x) for _ in range(epochs)][
            -1
        ]

    def run(epochs):
        losses = np.zeros(epochs)
        for k, model in enumerate(models):
            for epoch in range(epochs):
                order = work.orders[k, epoch % work.orders.shape[1]]
                model.partial_fit(work.x[order], work.y[order])
                losses[epoch] += model.loss_ / count
        return losses

    return run
