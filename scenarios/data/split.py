"""From a declaration and a seed to training, validation and test rows."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from ..trial import Dataset
from .augmentation import augmented, shares, takes_shares
from .kept import Kept
from .selection import selected
from .sources import SOURCES, table
from .table import DataError
from .transforms import transform
from .weighting import weights

_DRAW, _SPLIT, _NOISE, _AUGMENT = 0, 1, 2, 3
# Twenty seeds of the largest tables of a scenario, but for those of thousands of rows.
_TABLES = Kept(room=128_000_000)


@dataclass(frozen=True)
class Split:
    """The rows one run sees.

    x_*: float32[rows, features]; y_*: float32[rows, 1] class indices, float32[rows,
    outputs] targets or shares of classes; all C-contiguous. x_seen, y_seen: the
    training rows as they are trained on, augmented or the same. Where rows are
    weighted, targets have one more column, the weights, which are 1 in all but y_seen.
    outputs: classes or targets. redrawn: seeds are independent draws (plain t), not
    splits of one data set (Nadeau-Bengio). about: one plain sentence on the data.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    x_seen: np.ndarray
    y_seen: np.ndarray
    outputs: int
    redrawn: bool
    about: str


def load(dataset: Dataset, seed: int) -> Split:
    """Draw, split, add label noise to all but the test part, transform, augment.

    Nested: for one seed, validation and test rows do not depend on `dataset.rows`, and
    more rows start with the rows of a smaller request; where there is a selection, they
    hold them. The option `random_state` replaces our random streams by NumPy's plain
    `RandomState(random_state + seed)`, which reproduces scikit-learn's `make_*` and
    `train_test_split` row by row.
    Raises DataError (one sentence) for data that cannot be used.
    """
    options = dict(dataset.options)
    textbook = options.pop("random_state", None)
    whole = _whole(dataset, options, seed, textbook)
    chance = _random(seed, _SPLIT, textbook)
    if dataset.selection:
        parts = selected(dataset, whole, chance)
    else:
        parts = _rows(dataset, len(whole.x), chance)
    train, validation, test = parts
    y = whole.y.copy()
    if dataset.label_noise:
        noisy = _noisy(whole, dataset.label_noise, seed)
        y[train], y[validation] = noisy[train], noisy[validation]
    inputs = [whole.x[p] for p in parts]
    x_train, x_val, x_test = transform(dataset.transforms, y[train], *inputs)
    if takes_shares(dataset.augment):
        y = shares(y, whole.classes)
    plain = _float32(x_train), _float32(_weighed(dataset, y[train]))
    seen = plain
    if dataset.augment or dataset.weighting:
        rng = _random(seed, _AUGMENT)
        changed = augmented(dataset.augment, x_train, y[train], rng)
        counts = weights(dataset.weighting, *changed, x_val)
        y_seen = _weighed(dataset, changed[1], counts)
        seen = _float32(changed[0]), _float32(y_seen)
    return Split(
        *plain,
        _float32(x_val),
        _float32(_weighed(dataset, y[validation])),
        _float32(x_test),
        _float32(_weighed(dataset, y[test])),
        *seen,
        outputs=whole.classes or whole.y.shape[1],
        redrawn=SOURCES[dataset.name].redrawn,
        about=whole.about,
    )


def _whole(dataset, options, seed, textbook):
    """The table; what is done to the rows of one draw does not draw them again."""
    draw = partial(table, dataset.name, options)
    if dataset.name not in SOURCES or not SOURCES[dataset.name].redrawn:
        return draw(None)
    key = SOURCES[dataset.name].draw, dataset.options, seed
    return _TABLES.get(key, lambda: draw(_random(seed, _DRAW, textbook)))


def _weighed(dataset, y, counts=1.0):
    """y, with a column of weights behind it where rows are weighted."""
    if not dataset.weighting:
        return y
    return np.column_stack([y, np.broadcast_to(counts, len(y))])


def _random(seed, stream, textbook=None):
    if textbook is not None:
        return np.random.RandomState(int(textbook) + seed)
    sequence = np.random.SeedSequence([seed, stream])
    return np.random.RandomState(np.random.PCG64(sequence))


def _rows(dataset, available, rng):
    """Row numbers of (train, validation, test): disjoint and nested in `rows`.

    The test rows come first, then validation, then training, as in scikit-learn's
    ShuffleSplit.
    """
    wanted = dataset.rows + dataset.validation + dataset.test
    if dataset.rows < 1 or wanted > available:
        raise DataError(
            f"{dataset.name} has {available} rows, too few for {dataset.rows} training,"
            f" {dataset.validation} validation and {dataset.test} test rows"
            if dataset.rows > 0
            else f"{dataset.name} needs at least 1 training row, not {dataset.rows}"
        )
    order = rng.permutation(available)
    held_out = dataset.test + dataset.validation
    return order[held_out:wanted], order[dataset.test : held_out], order[: dataset.test]


def _noisy(whole, share, seed):
    """y with each label replaced, with probability `share`, by a random other class.

    Drawn for every row of the table, so that a row's label is the same in any split.
    """
    if not whole.classes:
        raise DataError("label noise needs classes, and these targets are numbers")
    rng = _random(seed, _NOISE)
    hit = rng.random_sample(whole.y.shape) < share
    shift = rng.randint(1, whole.classes, whole.y.shape)
    return np.where(hit, (whole.y + shift) % whole.classes, whole.y)


def _float32(values):
    return np.ascontiguousarray(values, np.float32)
