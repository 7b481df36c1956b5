"""Do new rows look like those that were trained on?"""

from functools import lru_cache

import numpy as np

from ...kernels.threads import one_blas_thread
from ...scenarios.data.weighting import domain_classifier
from .data import split

_FOLDS = 3
_ROWS = 250  # of each part


def domain_values(data, seed):
    """{"domain_auc": ...} of a trial's data where a shift was declared, else {}."""
    if "shift" not in dict(data.selection):
        return {}
    return {"domain_auc": _domain_auc(data, seed)}


@lru_cache(maxsize=32)
def _domain_auc(data, seed):
    rows = split(data, seed)
    return domain_auc(rows.x_train, rows.x_val)


def domain_auc(seen, new):
    """How well a classifier tells new inputs from those seen: AUC, by 3 folds.

    0.5: not at all. seen, new: float[rows, features], of which 250 each are looked at.
    Source: Lopez-Paz & Oquab (2017), Revisiting classifier two-sample tests, ICLR.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    seen, new = seen[:_ROWS], new[:_ROWS]
    x = np.concatenate([seen, new]).astype(np.float64)
    late = np.repeat([0, 1], [len(seen), len(new)])
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    model = domain_classifier(seen, new)
    with one_blas_thread():
        told = cross_val_predict(model, x, late, cv=folds, method="decision_function")
    return float(roc_auc_score(late, np.asarray(told)))
