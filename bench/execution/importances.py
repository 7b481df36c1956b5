"""Which inputs a trained network looks at: the names for users."""

from typing import Any

import numpy as np

from ...kernels import Network
from ...kernels.network import check_network
from ...kernels.targets import check_targets
from ...kernels.validation import check_floats, check_seed, check_some
from .explainer import Explainer, Subject
from .explainers import explainer


def importances(
    net: Network,
    params: np.ndarray,
    x: Any,
    y: Any = None,
    method: str = "permutation",
    *,
    seed: int = 0,
    **options: Any,
) -> np.ndarray:
    """float64[inputs]: how important each input is to a network, larger is more.

    params: float[n_values], as `train` left them; x: rows [b, inputs] that are
    explained, best some that were not trained on; y: their targets, which only the
    permutation methods read. method: `permutation` (Breiman 2001),
    `grouped_permutation`, `partial_dependence` (Friedman 2001), `surrogate_tree`
    (Craven & Shavlik 1995), `first_layer_weights`, or one of `attributions`, whose mean
    size is taken. options:
    those of the method, as repeats=10, steps=32, noise=0.1 or depth=4. The same seed
    gives the same numbers. ValueError or TypeError in one sentence on anything else.
    """
    asked, subject = _asked(net, params, x, y, method, seed)
    if y is None and "permutation" in method:
        raise ValueError(f"{method} compares losses: pass y, the targets of x")
    found = asked.importances(subject, **options)
    if not np.isfinite(found).all():
        raise ValueError(
            f"{method} gives numbers that are not finite: the network's outputs for x"
            " are too large, as after a training that diverged"
        )
    return found


def attributions(
    net: Network,
    params: np.ndarray,
    x: Any,
    method: str = "integrated_gradients",
    *,
    seed: int = 0,
    **options: Any,
) -> np.ndarray:
    """float64[b, inputs]: what each input of each row adds to the network's output.

    Of classes to the predicted one's output above the mean of all, else to the sum of
    the outputs. method: `saliency` (Simonyan et al. 2014), `gradient_times_input`
    (Shrikumar et al. 2017), `integrated_gradients` (Sundararajan et al. 2017), whose
    rows add up to the difference from the mean row, or `smooth_grad` (Smilkov et al.
    2017). The rest, and errors, as of `importances`.
    """
    asked, subject = _asked(net, params, x, None, method, seed)
    if asked.attribute is None:
        raise ValueError(
            f"{method} ranks inputs and attributes nothing to single rows; call"
            " importances, or name integrated_gradients"
        )
    chosen = asked.chosen(options)
    return np.asarray(asked.attribute(subject, **chosen), dtype=float)


def _asked(net, params, x, y, method, seed) -> tuple[Explainer, Subject]:
    """The method and what it is asked about, checked."""
    check_network(net)
    asked = explainer(method)
    dtype = check_floats("params", params, (net.n_values,))
    x = net.check_rows("x", x, dtype)
    check_some("x", x)
    targets = np.zeros((len(x), net.targets), dtype)
    if y is not None:
        targets = check_targets(net, "y", y, len(x), dtype)
    return asked, Subject(net, params, x, targets, check_seed("seed", seed))
