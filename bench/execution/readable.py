"""Models of scikit-learn in the place of a network: outputs as a network gives them."""

from typing import Any

import numpy as np

from .explainer import Readable


def outputs_of(model, numeric, rows):
    """predict(x) of a fitted model: float32[b, outputs], numbers or log-probabilities.

    rows: how many it was fitted on. No probability is below half of one of them, so
    that a leaf without a class has a finite loss.
    """

    def predict(x):
        if numeric:
            return model.predict(x).reshape(len(x), -1).astype(np.float32)
        shares = np.clip(model.predict_proba(x), 0.5 / rows, None)
        return np.log(shares).astype(np.float32)

    return predict


def target(y, numeric):
    """y as scikit-learn takes it: float[rows, k] or int[rows]."""
    flat = y[:, 0] if y.shape[1] == 1 else y
    return flat if numeric else flat.astype(int)


def linear(x, y, numeric, penalty, sparse=False):
    """The `Readable` of a linear model on standardised inputs.

    penalty: beside the mean loss of a row, of the halved sum of the squared weights or,
    where sparse, of the sum of their sizes.
    Its importances are the mean sizes of the weights over the outputs.
    """
    from sklearn.linear_model import Lasso, LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if numeric:
        model = Lasso(alpha=penalty) if sparse else Ridge(alpha=penalty * len(x))
    else:
        many = len(np.unique(y)) > 2
        solver = ("saga" if many else "liblinear") if sparse else "lbfgs"
        how: dict[str, Any] = {"C": 1 / (penalty * len(x)), "l1_ratio": float(sparse)}
        model = LogisticRegression(
            max_iter=500, tol=1e-3, random_state=0, solver=solver, **how
        )
    whole = make_pipeline(StandardScaler(), model).fit(x, target(y, numeric))
    sizes = np.abs(np.atleast_2d(model.coef_)).mean(axis=0)
    return Readable(outputs_of(whole, numeric, len(x)), sizes)
