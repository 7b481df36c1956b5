"""Sequences, whose answer lies some steps back: one answer a row, drawn afresh.

A row is its steps one after the other; `Trial.shape` says how many numbers a step has.
"""

import numpy as np

from .table import DataError, Table

REBER = "BTPSXVE"  # the grammar's letters; a letter's id is its place here
# Of each state, the two letters that may follow, equally likely, and where they lead.
_FOLLOWS = (
    (("B", 1), ("B", 1)),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 0), ("E", 0)),
)
LETTER = np.array([[REBER.index(letter) for letter, _ in two] for two in _FOLLOWS])
NEXT = np.array([[state for _, state in two] for two in _FOLLOWS])
_BURN_IN = 20  # letters after which nothing tells where a string began


def _at_least(name, number, low):
    if number < low:
        raise DataError(f"{name} must be at least {low}, not {number:g}")
    return int(number)


def adding(rng, n_samples=3000, length=100):
    """The adding problem: steps (value, mark), and the sum of the two marked values.

    Values are uniform in 0 to 1; one mark is in the first half of the steps, one in the
    second. Answering the mean, 1, costs 1/6. x: float64[n, 2 length], shape (length,
    2). Source: Hochreiter & Schmidhuber (1997), section 5.4; the places of the marks as
    in Le, Jaitly & Hinton (2015), section 4.1.
    """
    n, t = int(n_samples), _at_least("length", length, 2)
    values, marks = rng.uniform(0, 1, (n, t)), np.zeros((n, t))
    rows, first = np.arange(n), rng.randint(t // 2, size=n)
    second = rng.randint(t // 2, t, n)
    marks[rows, first] = marks[rows, second] = 1
    y = (values * marks).sum(axis=1, keepdims=True)
    about = f"Sequences of {t} numbers, two of them marked, whose sum is asked for,"
    x = np.stack([values, marks], axis=2).reshape(n, 2 * t)
    return Table(x, y, 0, f"{about} drawn afresh for every seed.")


def _coded(ids, letters, one_hot):
    """ids as they are, float64[n, t], or one-hot, float64[n, t letters]."""
    if not one_hot:
        return ids.astype(np.float64)
    return np.eye(letters)[ids].reshape(len(ids), -1)


def copying(rng, n_samples=3000, symbols=4, count=3, delay=10, one_hot=False):
    """Recall after a delay: which of `symbols` symbols stood at the place asked for.

    A row is `count` symbols (ids 1 to symbols), `delay` blanks (id 0) and a question
    (id symbols + place, the places from 1). It has count + delay + 1 steps and symbols
    + count + 1 ids; as one number a step for Embedding, or one-hot. The copy task of
    the literature has every symbol written out in order; here a row has one answer, so
    one place is asked for. Source: Hochreiter & Schmidhuber (1997) and Arjovsky, Shah &
    Bengio (2016) for the task; the question is ours.
    """
    n, k = int(n_samples), _at_least("count", count, 1)
    s, wait = _at_least("symbols", symbols, 2), _at_least("delay", delay, 0)
    said, place = rng.randint(1, s + 1, (n, k)), rng.randint(k, size=n)
    question = s + 1 + place[:, None]
    ids = np.hstack([said, np.zeros((n, wait), int), question])
    y = said[np.arange(n), place][:, None] - 1.0
    about = f"Sequences of {k} of {s} symbols and {wait} blanks, then a question which"
    about += " symbol stood at one place, drawn afresh for every seed."
    return Table(_coded(ids, s + k + 1, one_hot), y, s, about)


def parity(rng, n_samples=3000, length=20):
    """Bits 0 and 1, and whether the number of ones is odd: no part of a row tells.

    x: float64[n, length], shape (length, 1). Source: Minsky & Papert (1969), chapter
    3, for its order: a threshold unit must see every bit at once.
    """
    n, t = int(n_samples), _at_least("length", length, 1)
    x = rng.randint(2, size=(n, t)).astype(np.float64)
    about = f"Sequences of {t} bits, and whether the ones are odd in number, drawn"
    y = x.sum(axis=1, keepdims=True) % 2
    return Table(x, y, 2, f"{about} afresh for every seed.")


def grammar(rng, n_samples=3000, length=12, one_hot=False):
    """Strings of Reber's grammar one after the other: which letter comes next?

    A row is `length` letters of such a stream, from anywhere in it; as ids for
    Embedding, or one-hot. Where two letters may follow, they are equally likely, so
    nothing predicts all. x: float64[n, length] or [n, 7 length]; shape (length,) or
    (length, 7). Source: Reber (1967), as drawn by Cleeremans et al. (1989).
    """
    n, t = int(n_samples), _at_least("length", length, 1)
    state, letters = np.zeros(n, int), np.empty((n, _BURN_IN + t + 1), int)
    for step in range(letters.shape[1]):
        way = rng.randint(2, size=n)
        letters[:, step] = LETTER[state, way]
        state = NEXT[state, way]
    ids, answer = letters[:, _BURN_IN:-1], letters[:, -1:]
    about = f"{t} letters of strings of Reber's grammar, and the letter that follows,"
    x = _coded(ids, len(REBER), one_hot)
    return Table(x, answer.astype(float), len(REBER), f"{about} afresh for every seed.")
