"""The real data sets that come with scikit-learn: nothing is downloaded."""

from functools import cache

import numpy as np

from .table import Table

ABOUT = {
    "digits": "1,797 handwritten digits of 8 x 8 pixels: only the test file of UCI's"
    " data set, so numbers published on UCI's training file are not comparable.",
    "wine": "178 wines of three growers, described by 13 chemical measurements.",
    "breast_cancer": "569 tumours, benign or malignant, with 30 measured features.",
    "diabetes": "442 patients, 10 measurements each, and how far diabetes had"
    " progressed a year later.",
    "iris": "150 flowers of three iris species, described by four lengths.",
}
_REGRESSION = {"diabetes"}


@cache
def bundled(name):
    """The table of one bundled data set, read once a process.

    name: a key of `ABOUT`.
    """
    from sklearn import datasets

    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    classes = 0 if name in _REGRESSION else int(y.max()) + 1
    y = np.asarray(y, np.float64).reshape(len(y), -1)
    return Table(np.asarray(x, np.float64), y, classes, ABOUT[name])
