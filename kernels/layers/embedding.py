"""A learned vector for each of so many words: rows of a matrix, by their numbers.

Source: Bengio, Ducharme, Vincent & Janvin (2003), section 2, the matrix C.
"""

import math
from dataclasses import dataclass

import numpy as np

from .. import table
from ..jit import inner
from ..layer import Kind, Layer, LayerPlan
from ..validation import check_count
from ..views import vector

MOST_WORDS = 2**24  # whole numbers up to here are exact in float32


@inner
def place_of(word, words):
    """The number of a word, an int; -1 where it is none from 0 to words - 1."""
    if not (word >= 0 and word < words):
        return -1
    number = int(word)
    return number if word == number else -1


def forward(y, kept, x, w, tail, row, real, draw, first, count):
    """y[token] = W[x[token]]; NaN where x holds no number of a word."""
    words, o = row[table.ROWS], row[table.COLUMNS]
    for r in range(x.shape[0]):
        for token in range(x.shape[1]):
            out, place = vector(y, (r * x.shape[1] + token) * o, o), -1
            place = place_of(x[r, token], words)
            if place < 0:
                for k in range(o):
                    out[k] = math.nan
            else:
                of_word = vector(w, place * o, o)
                for k in range(o):
                    out[k] = of_word[k]


def backward(dx, dz, kept, x, y, w, row, real, draw, first, count):
    """dx = 0: numbers of words have no neighbours."""
    dx[:] = 0


def gradient(dw, dz, kept, x, y, row, part, more):
    """dW[word] = sum of dy over the tokens that are the word, from row `part` on."""
    words, o = row[table.ROWS], row[table.COLUMNS]
    if not more:
        dw[:] = 0
    end = part + dw.size // o
    for r in range(x.shape[0]):
        for token in range(x.shape[1]):
            place = place_of(x[r, token], words)
            if part <= place < end:
                total = vector(dw, (place - part) * o, o)
                slopes = vector(dz, (r * x.shape[1] + token) * o, o)
                for k in range(o):
                    total[k] += slopes[k]


@dataclass(frozen=True)
class Embedding(Layer):
    """Vectors of `outputs` numbers, learned, one for each of `vocabulary` words.

    Input [t], numbers of words from 0 to vocabulary - 1 (of any whole or floating
    dtype), output [t, outputs]. It reads the network's input, so it comes first:
    ValueError behind another layer. vocabulary: at most 2^24.
    """

    vocabulary: int
    outputs: int
    kind = Kind(
        "embedding",
        forward,
        backward,
        gradient=gradient,
        source="Bengio et al. (2003), section 2",
    )

    def __post_init__(self):
        check_count("vocabulary", self.vocabulary, 1, MOST_WORDS)
        check_count("outputs", self.outputs, 1)

    def plan(self, shape):
        v, o = self.vocabulary, self.outputs
        # Of a word's one-of-many code a single input is not zero: a fan of 1.
        work = math.prod(shape) * o
        return LayerPlan((*shape, o), v, o, work=work, fans=(1, 1))

    def build(self, graph):
        if graph.last >= 0:
            raise ValueError(
                f"{self} looks up numbers of words, which no layer computes; put it"
                " first, where it reads the network's input"
            )
        graph.add(self)

    def check_input(self, name, x):
        """ValueError that tells values of x which are no numbers of words."""
        wrong = (x < 0) | (x >= self.vocabulary) | (x != np.floor(x))
        if wrong.any():
            found = ", ".join(f"{value:g}" for value in np.unique(x[wrong])[:5])
            raise ValueError(
                f"{name} must hold whole numbers from 0 to {self.vocabulary - 1}, which"
                f" Embedding looks up, got {int(wrong.sum())} others, such as {found}"
            )


EXAMPLES = (((4,), Embedding(5, 3)), ((3,), Embedding(7, 2)))
