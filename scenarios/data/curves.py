"""MNIST-1D: ten classes of short curves, easy to see and hard for a linear model.

Source: Greydanus & Kobak (2024), "Scaling Down Deep Learning with MNIST-1D", section 2
(first as Greydanus, 2020).
"""

import random
from importlib import import_module

import numpy as np
from scipy.ndimage import gaussian_filter1d

from .table import DataError, Table

POINTS = 40
_TEMPLATE, _PADDING, _MOVES = 12, (36, 60), 48
_LONG = _TEMPLATE + _PADDING[1]
_SCALE, _SHEAR, _SMOOTH, _GRAIN = 0.4, 0.75, 0.25, 0.02
_SPREAD = 2.0  # of the noise that is correlated, in points before the last step
_SIZE = 6.0  # what templates of standard deviation 1 are divided by
# The order of `shuffled`: one for all seeds, the one that its authors measured.
_ORDER = np.random.RandomState(42).permutation(POINTS)


def _bow(height, first, last):
    """A half ellipse to the right between two heights, 0 elsewhere."""
    share = np.clip((height - first) / (last - first), 0, 1)
    return 2 * np.sqrt(share * (1 - share))


def _line(height, *corners):
    """A broken line through (height, across), from 0 on top to 0 at the foot."""
    heights, across = zip((0, 0), *corners, (1, 0), strict=True)
    return np.interp(height, heights, across)


def templates():
    """float64[10, 12]: how far right a pen is that draws a digit from its top down.

    Each has standard deviation 1 before it is divided by 6, and begins at 0, as the
    paper's have, which are other drawings.
    """
    h = np.linspace(0, 1, _TEMPLATE)
    across = np.stack(
        [
            _bow(h, 0, 1),
            _line(h, (0.1, -1), (0.9, 0.5)),
            _bow(h, 0, 0.5) - _bow(h, 0.5, 1),
            _bow(h, 0, 0.5) + _bow(h, 0.5, 1),
            _line(h, (0.45, -1), (0.55, 0)),
            _line(h, (0.1, -1), (0.35, -1), (0.45, 0)) + 0.8 * _bow(h, 0.45, 1),
            -_bow(h, 0, 1),
            _line(h, (0.1, 1), (0.9, -0.5)),
            -_bow(h, 0, 0.5) - _bow(h, 0.5, 1),
            _line(h, (0.55, 0), (0.9, -0.5)) - _bow(h, 0, 0.5),
        ]
    )
    across /= across.std(axis=1, keepdims=True)
    return (across - across[:, :1]) / _SIZE


def _between(values, at):
    """Values at fractional columns, linear in between: float64[n, p].

    values: float64[n, columns]; at: float64[n, p].
    """
    left = np.clip(at.astype(np.intp), 0, values.shape[1] - 2)
    share = at - left
    rows = np.arange(len(values))[:, None]
    return values[rows, left] * (1 - share) + values[rows, left + 1] * share


def curves(rng, digit):
    """A curve of 40 points for each digit: float64[n, 40] from int[n].

    A template with 36 to 60 zeros behind is stretched to 72 points, scaled and rolled;
    smooth noise is put behind it and white noise everywhere; a slope is taken off, and
    40 of the points' values are kept.
    """
    n = len(digit)
    padded = np.zeros((n, _LONG))
    padded[:, :_TEMPLATE] = templates()[digit]
    length = _TEMPLATE + rng.randint(_PADDING[0], _PADDING[1] + 1, (n, 1))
    place = np.arange(_LONG) / (_LONG - 1) * (length - 1)
    x = _between(padded, place) * (1 + _SCALE * (rng.random_sample((n, 1)) - 0.5))
    moved = (np.arange(_LONG) - rng.randint(_MOVES, size=(n, 1))) % _LONG
    x, place = (np.take_along_axis(each, moved, axis=1) for each in (x, place))
    smooth = gaussian_filter1d(_SMOOTH * rng.standard_normal(x.shape), _SPREAD)
    x = np.where(place < _TEMPLATE, x, smooth)
    x += _GRAIN * rng.standard_normal(x.shape)
    slope = _SHEAR * (rng.random_sample((n, 1)) - 0.5)
    x -= slope * np.linspace(-0.5, 0.5, _LONG)
    kept = np.tile(np.linspace(0, _LONG - 1, POINTS), (n, 1))
    return _between(x, kept)


def mnist1d(rng, n_samples=5000, shuffled=False):
    """Ten classes of curves of 40 points, by MNIST-1D's specification.

    The paper has 4,000 of 5,000 for training and 1,000 for testing. The templates are
    ours: see `templates`. shuffled: the points' order is one fixed permutation, which
    takes away what convolutions and recurrences rest on. All values together have mean
    0 and standard deviation 1. Source: the module's.
    """
    digit = rng.randint(10, size=int(n_samples))
    return _table(curves(rng, digit), digit, shuffled, "by MNIST-1D's specification")


def mnist1d_original(rng, n_samples=5000, shuffled=False):
    """MNIST-1D by its authors' own generator, of the package `mnist1d` (Apache-2.0).

    DataError where it is not installed: it is in the extra `data`. Arguments: those of
    `mnist1d`; about 2 s for 1,000 rows. Source: the module's.
    """
    try:
        data = import_module("mnist1d.data")
    except ImportError as error:
        raise DataError(
            "mnist1d_original needs the package mnist1d: pip install 'gradclinic[data]'"
        ) from error
    arguments = data.get_dataset_args()
    arguments.num_samples = int(n_samples)
    arguments.seed = rng.randint(2**31)
    found = _with_numpy_seed_kept(lambda: data.make_dataset(arguments))
    x = np.concatenate([found["x"], found["x_test"]])
    digit = np.concatenate([found["y"], found["y_test"]])
    return _table(x, digit, shuffled, "by the generator of MNIST-1D's authors")


def _with_numpy_seed_kept(make):
    """What `make` returns; the global random states that it seeds stay as they were."""
    numpys, pythons = np.random.get_state(), random.getstate()
    try:
        return make()
    finally:
        np.random.set_state(numpys)
        random.setstate(pythons)


def _table(x, digit, shuffled, how):
    x = (x - x.mean()) / x.std()
    if shuffled:
        x = x[:, _ORDER]
    order = ", its points in one fixed random order" if shuffled else ""
    about = f"Ten classes of curves of {POINTS} points{order}, drawn afresh for every"
    return Table(x, digit[:, None].astype(float), 10, f"{about} seed {how}.")
