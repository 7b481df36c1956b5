"""The sanity check: does an explanation change as what was learnt is taken away?"""

from dataclasses import replace

import numpy as np
from scipy.stats import rankdata

from ...execution.explainers import EXPLAINERS
from ..explained_network import first_seed, shown
from ..history.parts import lines

_HIDDEN = (32, 32, 32)
_ROWS = 64
_METHODS = (
    "saliency",
    "gradient_times_input",
    "integrated_gradients",
    "smooth_grad",
)


def exhibit(evidence):
    """A plot for images: rank correlation with the explanation of the trained network.

    Source: Adebayo et al. (2018), section 3.1 (cascading randomisation).
    """
    trial, seed = evidence.scenario.baseline, first_seed(evidence)
    if trial.explanation is None or trial.data.name != "digits" or seed is None:
        return [], []
    found = shown(trial, seed, hidden=_HIDDEN)
    x, y = found.rows.x_test[:_ROWS], found.rows.y_test[:_ROWS]
    whole = found.subject(x, y)
    stages = list(_randomised(found, seed))
    series = {}
    for name in _METHODS:
        explainer = EXPLAINERS[name]
        first = explainer.attributed(whole)
        # The same class is asked about, whatever the changed network predicts.
        later = [
            explainer.attributed(replace(whole, params=p, weights=whole.asked))
            for p in stages
        ]
        series[explainer.label] = (
            list(range(len(stages) + 1)),
            [1.0, *(_agreement(first, other) for other in later)],
        )
    return [], [
        lines(
            "An explanation must change with the network",
            "Weights are drawn anew, from the last layer to the first, of a network"
            f" with {len(_HIDDEN)} hidden layers. Rank correlation of the sizes of"
            " pixels' attributions with those of the trained network, the mean over"
            f" {_ROWS} test images. What stays high was never an explanation of what"
            " was learnt: gradient times input keeps the image itself.",
            ("layers drawn anew, from the last", "rank correlation"),
            series,
            verticals=[],
        )
    ]


def _randomised(found, seed):
    """Parameters with 1, 2, ... of the last layers as they might have started."""
    fresh = found.net.init(seed + 1, found.params.dtype.type)
    params = found.params.copy()
    starts = [at for name, at, _ in found.net.layout if name.endswith(".weight")]
    for start in starts[::-1]:
        params = np.concatenate([params[:start], fresh[start:]])
        yield params


def _agreement(one, other):
    """Mean rank correlation of the sizes of two attributions, row by row."""
    ranks = [rankdata(np.abs(each), axis=1) for each in (one, other)]
    ranks = [each - each.mean(axis=1, keepdims=True) for each in ranks]
    sizes = [np.linalg.norm(each, axis=1) for each in ranks]
    known = (sizes[0] > 0) & (sizes[1] > 0)
    shared = (ranks[0] * ranks[1]).sum(axis=1)[known]
    return float((shared / (sizes[0] * sizes[1])[known]).mean())
