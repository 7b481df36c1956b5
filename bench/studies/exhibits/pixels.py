"""What a network of images looks for: weights, made images, attributions."""

import numpy as np

from ....kernels import input_gradient
from ...execution.explainers import EXPLAINERS
from ..explained_network import first_seed, shown
from ..history.parts import part, squares

_SIDE, _UNITS, _DIGIT = 8, 4, 3
_STEPS, _RATE, _PENALTY = 100, 0.1, 0.5  # of an ascent
# Methods, and names short enough for a panel.
_METHODS = {
    "saliency": "saliency",
    "gradient_times_input": "times input",
    "integrated_gradients": "integrated",
    "smooth_grad": "SmoothGrad",
}


def exhibit(evidence):
    """Three pictures of a network trained on digits."""
    trial, seed = evidence.scenario.baseline, first_seed(evidence)
    if trial.explanation is None or trial.data.name != "digits" or seed is None:
        return [], []
    found = shown(trial, seed)
    return [], [_weights(found), _made(found), _attributions(found)]


def _spread(values):
    """Numbers of both signs from 0 to 1, zero in the middle."""
    return 0.5 + values / (2 * max(np.abs(values).max(), 1e-12))


def _weights(found):
    weights = part(found.net, found.params, "layer0.weight")
    after = part(found.net, found.params, "layer1.weight")
    chosen = np.argsort(-np.linalg.norm(after, axis=1), kind="stable")[:_UNITS]
    return squares(
        "First-layer weights as pictures",
        f"The {_UNITS} hidden units, of {weights.shape[1]}, that later weights use"
        " most: a dark pixel switches the unit on, a white one off, and half dark has"
        " no weight. Pixels at the edge, which are never inked, keep the weights they"
        " started with.",
        {f"unit {k + 1}": _spread(weights[:, k].reshape(_SIDE, _SIDE)) for k in chosen},
        (0.0, 1.0),
    )


def made_for(net, params, start, wanted):
    """The image that makes an output largest above the mean of the others.

    start: float[inputs]; steps of gradient ascent with a penalty on the squares, within
    0 and 1. Source: Erhan, Bengio, Courville & Vincent (2009), Visualizing higher-layer
    features of a deep network, section 3.1; Simonyan et al. (2014), eq. 1 (penalty).
    """
    image = start[None].astype(params.dtype)
    asked = np.full((1, net.outputs), -1 / net.outputs, dtype=params.dtype)
    asked[0, wanted] += 1
    for _ in range(_STEPS):
        slope = input_gradient(net, params, image, asked)
        image = np.clip(image + _RATE * (slope - _PENALTY * image), 0, 1)
    return image[0].astype(params.dtype)


def _made(found):
    start = found.rows.x_train.mean(axis=0)
    images = {
        f"{digit}": made_for(found.net, found.params, start, digit).reshape(_SIDE, -1)
        for digit in range(found.net.outputs)
    }
    flat = np.stack([image.ravel() for image in images.values()])
    sure = found.net.predict(found.params, np.ascontiguousarray(flat)).argmax(axis=1)
    right = int((sure == np.arange(len(flat))).sum())
    return squares(
        "The image that a class asks for",
        "Activation maximisation: from the mean image upwards along the gradient, until"
        f" the output of a class is largest. The network takes {right} of"
        f" {len(flat)} for what they were made for; a person may not.",
        images,
        (0.0, 1.0),
    )


def _attributions(found):
    row = np.flatnonzero(found.rows.y_test[:, 0] == _DIGIT)[:1]
    x, y = found.rows.x_test, found.rows.y_test
    subject = found.subject(x, y)
    panels = {"image": x[row[0]].reshape(_SIDE, _SIDE)}
    for name, label in _METHODS.items():
        values = EXPLAINERS[name].attributed(subject)[row[0]]
        panels[label] = _spread(values.reshape(_SIDE, _SIDE))
    return squares(
        f"Which pixels made it a {int(subject.asked[row[0]].argmax())}",
        f"A {_DIGIT} of the test rows, and what saliency, gradient times input,"
        " integrated gradients and SmoothGrad say of its pixels: dark speaks for the"
        " predicted class, white against it, half dark says nothing.",
        panels,
        (0.0, 1.0),
    )
