"""Wisconsin's diagnostic breast cancer, by ten-fold cross-validation."""

import numpy as np
from sklearn.model_selection import StratifiedKFold

from .....kernels import mlp, train
from .....scenarios.data.bundled import bundled
from ..reproduction import Figure, Reproduction

FOLDS, DECAY, EPOCHS = 10, 0.02, 60


def measure(seed: int) -> dict[str, float]:
    """Share of the 569 rows that are right when each was left out once."""
    cancer = bundled("breast_cancer")
    x, y = cancer.x, cancer.y[:, 0].astype(np.int64)
    net, right = mlp([30, 2]), 0
    for fit, held in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(
        x, y
    ):
        mean, spread = x[fit].mean(axis=0), x[fit].std(axis=0)
        scaled = ((x - mean) / spread).astype(np.float32)
        params = net.init(seed)
        options = {"l2": DECAY, "epochs": EPOCHS, "seed": seed, "threads": 1}
        train(net, params, scaled[fit], y[fit], "adam", 0.01, **options)
        right += (net.predict(params, scaled[held]).argmax(axis=1) == y[held]).sum()
    return {"accuracy": float(right / len(y))}


RESULT = Reproduction(
    name="breast_cancer",
    title="Breast cancer by ten-fold cross-validation",
    setup="Logistic regression on all 30 standardised measurements, trained by Adam"
    " with an L2 penalty; each of the 569 rows is predicted by a model that did not see"
    " it."
    " A seed draws the ten folds anew.",
    source="Street, Wolberg & Mangasarian (1993), Nuclear feature extraction for breast"
    " tumor diagnosis, SPIE 1905",
    figures=(Figure("accuracy", "accuracy", 0.975, 0.975, 0.01, unit="%"),),
    measure=measure,
    seeds=10,
    remark="They separate by planes in three measurements that they chose. It counts as"
    " met within 1 %.",
)
