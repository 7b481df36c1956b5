"""Data to train on, drawn from a seed: (x float[rows, i], y [rows]) each."""

import numpy as np
from sklearn import datasets
from sklearn.preprocessing import scale


def _digits(seed):
    x, y = datasets.load_digits(return_X_y=True)
    return x / 16, y


def _moons(seed):
    return datasets.make_moons(1500, noise=0.2, random_state=seed)


def _circles(seed):
    return datasets.make_circles(1500, noise=0.08, factor=0.5, random_state=seed)


def _blobs(seed):
    return datasets.make_blobs(1500, 8, centers=5, cluster_std=3.0, random_state=seed)


def _sorted_classes(seed):
    return datasets.make_classification(
        1500,
        20,
        n_informative=8,
        n_classes=4,
        class_sep=1.5,
        flip_y=0,
        random_state=seed,
    )


def _shells(seed):
    return datasets.make_gaussian_quantiles(
        n_samples=1500, n_features=4, n_classes=3, random_state=seed
    )


def _cancer(seed):
    return datasets.load_breast_cancer(return_X_y=True)


def _wine(seed):
    return datasets.load_wine(return_X_y=True)


def _friedman1(seed):
    x, y = datasets.make_friedman1(1500, noise=0.5, random_state=seed)
    return x, scale(y)


def _friedman2(seed):
    x, y = datasets.make_friedman2(1500, noise=20.0, random_state=seed)
    return x, scale(y)


def _spirals(seed):
    rng = np.random.default_rng(seed)
    y, along = rng.integers(0, 3, 1500), rng.uniform(0.2, 1, 1500)
    angle = 2 * np.pi * y / 3 + 4 * along + rng.normal(0, 0.1, 1500)
    return along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y


def _clouds(seed):
    x = np.random.default_rng(seed).normal(size=(1500, 2)) / 4
    signs = np.random.default_rng(seed + 1).choice([-1, 1], (1500, 2))
    return x + signs, (signs[:, 0] != signs[:, 1]).astype(int)


def _rings(seed):
    rng = np.random.default_rng(seed)
    y, angle = rng.integers(0, 4, 1500), rng.uniform(0, 2 * np.pi, 1500)
    radius = 1 + y + rng.normal(0, 0.15, 1500)
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y


def _board(seed):
    x = np.random.default_rng(seed).uniform(0, 3, (1500, 2))
    return x, np.floor(x).astype(int).sum(axis=1) % 2


def _torus(seed):
    x = np.random.default_rng(seed).uniform(-1.5, 1.5, (1500, 3))
    away = np.hypot(np.hypot(x[:, 0], x[:, 1]) - 0.9, x[:, 2])
    return x, np.digitize(away, np.quantile(away, [1 / 3, 2 / 3]))


def _waves(seed):
    x = np.random.default_rng(seed).uniform(-1, 1, (1500, 3))
    y = np.sin(3 * x[:, 0]) + np.cos(4 * x[:, 1]) * x[:, 2]
    return x, scale(y + np.random.default_rng(seed + 1).normal(0, 0.1, 1500))


def _teacher(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(1500, 8))
    y = np.tanh(x @ rng.normal(size=(8, 6)) / 2) @ rng.normal(size=6)
    return x, scale(y + rng.normal(0, 0.1, 1500))


def _friedman3(seed):
    x, y = datasets.make_friedman3(1500, noise=0.05, random_state=seed)
    return x, scale(y)


def _swiss(seed):
    x, y = datasets.make_swiss_roll(1500, noise=0.1, random_state=seed)
    return x, scale(y)


DATA = {
    "board": _board,
    "torus": _torus,
    "waves": _waves,
    "teacher": _teacher,
    "spirals": _spirals,
    "clouds": _clouds,
    "rings": _rings,
    "friedman3": _friedman3,
    "swiss": _swiss,
    "digits": _digits,
    "moons": _moons,
    "circles": _circles,
    "blobs": _blobs,
    "classes": _sorted_classes,
    "shells": _shells,
    "cancer": _cancer,
    "wine": _wine,
    "friedman1": _friedman1,
    "friedman2": _friedman2,
}
NUMBERS = ("friedman1", "friedman2", "friedman3", "swiss", "waves", "teacher")
