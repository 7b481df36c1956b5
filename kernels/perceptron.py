"""Rosenblatt's perceptron: a threshold unit that learns from its mistakes alone.

Source: Rosenblatt (1958); the rule and its bound as in Novikoff (1962).
"""

import numpy as np

from .jit import jit
from .philox import shuffle
from .reading import as_numbers
from .validation import as_floats, check_count, check_finite, check_seed, check_some

EPOCHS = 1000


@jit
def learn(w, x, signs, order, mistakes, k0, k1):
    """Passes over the rows until one is without a mistake; returns how many there were.

    Of a row x with y = -1 or 1, a mistake is y (w . x + b) <= 0; then w += y x, b += y.

    w: float64[i + 1], in place, b last; x: float[b, i]; signs: int64[b]; order:
    int64[b], drawn anew each pass; mistakes: int64[passes at most], filled.
    """
    last = w.size - 1
    for epoch in range(mistakes.size):
        shuffle(order, epoch + 1, k0, k1)
        wrong = 0
        for place in range(order.size):
            row = order[place]
            sign, z = signs[row], w[last]
            for c in range(last):
                z += w[c] * x[row, c]
            if not sign * z > 0:  # NaN too
                wrong += 1
                w[last] += sign
                for c in range(last):
                    w[c] += sign * x[row, c]
        mistakes[epoch] = wrong
        if wrong == 0:
            return epoch + 1
    return mistakes.size


class Perceptron:
    """A unit for two classes, trained by Rosenblatt's rule from weights of zero.

    epochs: passes over the rows at most; it ends with the first pass without a mistake.
    seed: int from 0 to 2^64 - 1, keys the order of the rows, drawn for every pass.

    After `fit`: weights, float64[i]; bias, a float; mistakes, int64[passes]; converged,
    whether the last pass was without; labels, the two, in NumPy's order.

    Of rows that a plane through the origin of (x, 1) parts with margin gamma, none
    longer than R, it makes at most (R / gamma)^2 mistakes in all: Novikoff (1962),
    theorem. Where no plane parts them, as in XOR, it never settles.
    """

    weights: np.ndarray
    bias: float
    mistakes: np.ndarray
    converged: bool
    labels: np.ndarray

    def __init__(self, epochs=EPOCHS, seed=0):
        self.epochs = check_count("epochs", epochs, 1)
        self.seed = check_seed("seed", seed)

    def __repr__(self):
        return f"Perceptron(epochs={self.epochs}, seed={self.seed})"

    def fit(self, x, y):
        """Learn rows x[b, i] of float32 or float64 and two labels y[b]; returns itself.

        x: as `reading` says. Raises ValueError or TypeError with one sentence on a
        wrong shape or value.
        """
        x = _rows(x)
        check_some("x", x)
        labels, numbers = _labels(y, len(x))
        w = np.zeros(x.shape[1] + 1)
        mistakes = np.zeros(self.epochs, dtype=np.int64)
        order, signs = np.arange(len(x)), 2 * numbers - 1
        key = self.seed & 0xFFFFFFFF, self.seed >> 32
        passes = learn(w, x, signs, order, mistakes, *map(np.uint32, key))
        self.weights, self.bias, self.labels = w[:-1], float(w[-1]), labels
        self.mistakes = mistakes[:passes].copy()
        self.converged = bool(self.mistakes[-1] == 0)
        return self

    def predict(self, x):
        """The label of each row of x[b, i]: the second where w . x + b > 0."""
        if not hasattr(self, "labels"):
            raise ValueError("the perceptron has learnt nothing yet; call fit(x, y)")
        x = _rows(x, self.weights.size)
        return self.labels[(x @ self.weights + self.bias > 0).astype(np.int64)]


def _rows(x, columns=None):
    """x as C-contiguous float[b, i]; errors where it is none of so many columns."""
    x = as_numbers("x", x)
    if x.ndim != 2 or x.shape[1] != (x.shape[1] if columns is None else columns):
        want = "columns" if columns is None else columns
        raise ValueError(f"x must have shape (rows, {want}), got {x.shape}")
    dtype = np.float32 if x.dtype == np.float32 else np.float64
    return check_finite("x", as_floats(x, dtype))


def _labels(y, rows):
    """(the two labels, int64[rows], the number of each row's); errors where not two."""
    if hasattr(y, "__array__") or isinstance(y, list | tuple):
        y = np.asarray(y)
    else:
        raise TypeError(f"y must hold labels in an array, got {type(y).__name__}")
    if y.shape != (rows,):
        raise ValueError(f"y must have shape ({rows},), a label a row, got {y.shape}")
    if y.dtype.kind in "fc" and np.isnan(y).any():
        raise ValueError("y holds NaN; give each row one of two labels")
    try:
        labels, numbers = np.unique(y, return_inverse=True)
    except TypeError:
        raise TypeError("y holds labels of different types; give two of one") from None
    if len(labels) != 2:
        said = ", ".join(str(label) for label in labels[:5])
        raise ValueError(f"y must hold two labels, got {len(labels)}: {said}")
    return labels, numbers.astype(np.int64)
