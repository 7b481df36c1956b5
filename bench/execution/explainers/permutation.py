"""Permutation importance: what the loss rises by where a column is shuffled.

I_j = mean over repeats of loss(x with column j shuffled) - loss(x). Source: Breiman
(2001), Random forests, section 10; Fisher, Rudin & Dominici (2019), All models are
wrong, but many are useful, JMLR 20, section 3. Computed by scikit-learn.
"""

from typing import Any

import numpy as np

from ..explainer import Explainer


def rank(subject, repeats):
    """I_j, float[inputs]."""
    from sklearn.inspection import permutation_importance

    with np.errstate(over="ignore", invalid="ignore"):
        found: Any = permutation_importance(
            subject.as_estimator(),
            subject.x,
            subject.y,
            n_repeats=int(repeats),
            random_state=subject.seed,
        )
    return found.importances_mean


EXPLAINER = Explainer(
    label="Permutation importance",
    source="Breiman (2001), section 10",
    rank=rank,
    options=(("repeats", 5),),
)
