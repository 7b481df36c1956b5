"""What is done to the training rows alone, and to the labels of their classes.

Rows are changed once, before training: `COPIES` changed copies of each take the place
of the row, and a trial that sees each a COPIES-th as often takes as many steps. Some
leave rows out or take them again, so that a class gets another share.
"""

import numpy as np

from .selection import rarest
from .table import DataError, nearest

COPIES = 8


def shifts(rng, x, y, pixels):
    """Square images moved by up to so many pixels each way, between pixels too.

    What leaves the image is lost, and what enters it repeats the edge. Source: Simard,
    Steinkraus & Platt (2003), section 2.
    """
    from scipy.ndimage import shift

    side = round(x.shape[1] ** 0.5)
    if side * side != x.shape[1]:
        raise DataError(f"shifts need square images, not rows of {x.shape[1]} numbers")
    moves = rng.uniform(-pixels, pixels, (len(x), 2))
    images = x.reshape(-1, side, side)
    moved = [
        shift(image, move, order=1, mode="nearest")
        for image, move in zip(images, moves, strict=True)
    ]
    return np.stack(moved).reshape(x.shape), y


def jitter(rng, x, y, deviation):
    """Normal noise of this standard deviation on every input."""
    return x + rng.normal(0.0, deviation, x.shape), y


def mixup(rng, x, y, alpha):
    """Each row mixed with another: share x + (1 - share) x', and the labels alike.

    share is drawn from Beta(alpha, alpha). Source: Zhang, Cisse, Dauphin & Lopez-Paz
    (2018), section 2.
    """
    share = rng.beta(alpha, alpha, (len(x), 1))
    other = rng.permutation(len(x))
    mixed = (share * each + (1 - share) * each[other] for each in (x, y))
    return tuple(mixed)


def label_smoothing(rng, x, y, share):
    """The share is taken from the class and spread evenly over all classes.

    Source: Szegedy, Vanhoucke, Ioffe, Shlens & Wojna (2016), section 7.
    """
    return x, (1 - share) * y + share / y.shape[1]


def oversample(rng, x, y, share):
    """Rows of the rarest class again, in turn, until they have this share of all.

    Source: He & Garcia (2009), Learning from imbalanced data, section 3.1.1.
    """
    rare, others = _by_rarity(rng, y)
    more = np.resize(rare, max(len(rare), round(len(others) * share / (1 - share))))
    rows = rng.permutation(np.concatenate([others, more]))
    return x[rows], y[rows]


def undersample(rng, x, y, share):
    """Rows of other classes are left out until the rarest has this share of all.

    Source: He & Garcia (2009), section 3.1.1.
    """
    rare, others = _by_rarity(rng, y)
    fewer = others[: max(1, round(len(rare) * (1 - share) / share))]
    rows = rng.permutation(np.concatenate([fewer, rare]))
    return x[rows], y[rows]


def _by_rarity(rng, y):
    """(rows of the rarest class, all others), each in random order."""
    if y.shape[1] != 1:
        raise DataError("rows are drawn again by classes, not by shares of them")
    rare = y[:, 0] == rarest(y[:, 0])
    order = rng.permutation(len(y))
    return order[rare[order]], order[~rare[order]]


# name: (function, copies it makes, does it need shares of classes?)
AUGMENTATIONS = {
    "shifts": (shifts, COPIES, False),
    "jitter": (jitter, COPIES, False),
    "mixup": (mixup, COPIES, True),
    "label_smoothing": (label_smoothing, 1, True),
    "oversample": (oversample, 1, False),
    "undersample": (undersample, 1, False),
}


def copies(augment):
    """How many rows stand for one after these (name, argument) pairs."""
    return int(np.prod([_known(name)[1] for name, _ in augment]))


def takes_shares(augment):
    """Must labels be shares of classes for these (name, argument) pairs?"""
    return any(_known(name)[2] for name, _ in augment)


def augmented(augment, x, y, rng):
    """(x, y) after every (name, argument) pair in order, each with its copies.

    x: float64[rows, features]; y: float64[rows, k], shares where they are taken.
    """
    for name, argument in augment:
        function, count, _ = _known(name)
        x, y = np.tile(x, (count, 1)), np.tile(y, (count, 1))
        x, y = function(rng, x, y, argument)
    return x, y


def shares(y, classes):
    """float64[rows, classes]: 1 for the class of each row, y: [rows, 1] numbers."""
    if not classes:
        raise DataError("labels are smoothed or mixed as classes; these are numbers")
    return np.eye(classes)[y[:, 0].astype(int)]


def _known(name):
    if name not in AUGMENTATIONS:
        raise DataError(nearest("augmentation", name, list(AUGMENTATIONS)))
    return AUGMENTATIONS[name]
