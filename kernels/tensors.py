"""The tensors of a layout, for rules that work on one at a time.

2 k + 1 tensors belong to a layout of k matrices: before each matrix, between it and
the next, and behind the last stands a vector, the bias of the matrix before it.
Without a layout all parameters are one vector. A vector may be empty, as the one
before the first matrix of a network always is.
"""

import math

from .jit import inner
from .penalties import sum_of_squares


@inner
def count_tensors(layout):
    """How many tensors a layout has, empty vectors among them."""
    return 2 * layout.shape[0] + 1


@inner
def tensor_at(layout, n, k):
    """(start, size, columns) of tensor k among n parameters; a vector has 0 columns."""
    matrix = k // 2
    if k % 2 == 1:
        columns = layout[matrix, 2]
        return layout[matrix, 0], layout[matrix, 1] * columns, columns
    start, stop = 0, n
    if matrix > 0:
        start = layout[matrix - 1, 0] + layout[matrix - 1, 1] * layout[matrix - 1, 2]
    if matrix < layout.shape[0]:
        stop = layout[matrix, 0]
    return start, stop - start, 0


@inner
def norm(x):
    """The Euclidean norm of float[n], as a float64."""
    return math.sqrt(sum_of_squares(x))
