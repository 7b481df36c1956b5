"""Which rows of a data set each part gets, where the parts are not alike.

A selection is the pairs of a `Dataset`: `minority` makes a class rare, `minority_seen`
among the training rows alone; `shift` draws the training rows from one side of the data
and all others from the other, and `new_rows` of the training rows as those others.
"""

import numpy as np

from .table import DataError

_MINORITY, _SHIFT = {"minority", "minority_seen"}, {"shift", "new_rows"}


def selected(dataset, whole, rng):
    """Row numbers of (train, validation, test), disjoint, as the selection says.

    dataset: a `Dataset`; whole: `Table`. As sets they are nested in `rows`, and those
    of test and validation do not depend on what training rows are. DataError where the
    rows do not suffice, or on an unknown selection.
    """
    asked = dict(dataset.selection)
    if asked.keys() <= _MINORITY and "minority" in asked:
        return _with_rare_class(dataset, whole, rng, asked)
    if asked.keys() <= _SHIFT and "shift" in asked:
        return _shifted(dataset, whole, rng, asked)
    raise DataError(
        f"a selection has minority, or shift, and may add minority_seen or new_rows to"
        f" it, got {', '.join(sorted(asked))}"
    )


def _with_rare_class(dataset, whole, rng, asked):
    """Every part with the same share of the rarest class, to a row.

    The other classes keep their shares. Source: the practice of Chawla, Bowyer, Hall &
    Kegelmeyer (2002), section 5, who thin out a class.
    """
    if not whole.classes:
        raise DataError("a rare class needs classes, and these targets are numbers")
    rare = whole.y[:, 0] == rarest(whole.y[:, 0])
    order = rng.permutation(len(rare))
    pools = [order[~rare[order]], order[rare[order]]]
    parts, seen = [], asked.get("minority_seen", asked["minority"])
    wanted = (
        (dataset.test, asked["minority"]),
        (dataset.validation, asked["minority"]),
        (dataset.rows, seen),
    )
    for rows, share in wanted:
        counts = rows - round(share * rows), round(share * rows)
        if any(n > len(pool) for n, pool in zip(counts, pools, strict=True)):
            raise DataError(
                f"{dataset.name} has too few rows for {rows} with a share of {share:g}"
                f" of its rarest class"
            )
        taken = [pool[:n] for n, pool in zip(counts, pools, strict=True)]
        pools = [pool[n:] for n, pool in zip(counts, pools, strict=True)]
        parts.append(rng.permutation(np.concatenate(taken)))
    return parts[::-1]


def rarest(y):
    """The class with the fewest rows, the last of those that tie. y: float[rows]."""
    classes, counts = np.unique(y, return_counts=True)
    return classes[len(counts) - 1 - int(counts[::-1].argmin())]


def _shifted(dataset, whole, rng, asked):
    """Rows drawn without replacement, weighted by exp(+-strength x score).

    The score is the first principal component of the standardised inputs, of standard
    deviation 1: test, validation and new rows have more of it, the other training rows
    less. What class a row has depends on nothing else than its inputs, so only their
    distribution moves. Source: Zadrozny (2004), section 2, for the selection by inputs;
    Efraimidis & Spirakis (2006), algorithm A, for the draw.
    """
    held_out = dataset.test + dataset.validation
    new = min(int(asked.get("new_rows", 0)), dataset.rows)
    if held_out + dataset.rows > len(whole.x):
        raise DataError(
            f"{dataset.name} has {len(whole.x)} rows, too few for {dataset.rows}"
            f" training, {dataset.validation} validation and {dataset.test} test rows"
        )
    score = asked["shift"] * principal_score(whole.x)
    first, second = np.log(rng.exponential(size=(2, len(score))))
    far = np.argsort(first - score)
    late, rest = rng.permutation(far[:held_out]), far[held_out:]
    near = rest[new:]
    near = near[np.argsort(second[near] + score[near])]
    train = np.concatenate([rest[:new], near[: dataset.rows - new]])
    return train, late[dataset.test :], late[: dataset.test]


def principal_score(x):
    """float[rows]: the first principal component, of mean 0 and standard deviation 1.

    Its largest loading is positive, whatever the solver says.
    """
    spread = x.std(axis=0)
    z = (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    direction = np.linalg.eigh(z.T @ z)[1][:, -1]
    direction *= np.sign(direction[np.abs(direction).argmax()])
    found = z @ direction
    return found / found.std()
