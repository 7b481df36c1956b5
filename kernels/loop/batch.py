"""One batch: its memory, its settings, and its rows in the order of an epoch.

Entries of `Scratch.batch` are read through this module, as `batch.ROWS`.
"""

import math
from typing import NamedTuple

import numpy as np

from .. import sampling
from ..jit import inner
from ..watch import Watch
from .workspace import Model, Net, Workspace

# Entries of `Scratch.batch`: first row in the order, rows, step, last of its epoch,
# which gradient of the step it is, from 0 (at drawn targets it is `SAMPLED`), and the
# layer that threads share.
START, ROWS, STEP, LAST, CALL, LAYER = range(6)
ENTRIES, SAMPLED = 6, -1


class Plan(NamedTuple):
    """The settings of a training, all scalars but two arrays.

    epochs, batch (rows), piece (rows computed at once), spans (of a piece, side by
    side), blocks (of a layer's columns, side by side; 0: spans pass all layers), warmup
    (steps), patience (epochs, 0: no early stopping): int64. gradients: of a step, see
    `Optimizer`. codes: columns of the state, from the first on, that hold bytes.
    averages: 1 if the rule has other parameters to predict with.
    sampled_every: steps between gradients at drawn targets (0: none); sampler: how they
    are drawn. summed: 1 sums the rows' gradients, 0 averages. update_mode:
    how the rule takes the parameters, see `parts`. l1, l2,
    min_delta: float64, 0 for none; clip_norm, clip_value likewise, infinite for none.
    schedule: float64[k]. parts:
    int64[m, 4], (layer, first row of its weights, start, stop) of the parameters, in
    their order.
    """

    epochs: int
    batch: int
    piece: int
    spans: int
    blocks: int
    warmup: int
    patience: int
    gradients: int
    codes: int
    averages: int
    sampled_every: int
    sampler: int
    summed: int
    update_mode: int
    l1: float
    l2: float
    clip_norm: float
    clip_value: float
    min_delta: float
    schedule: np.ndarray
    parts: np.ndarray


class RunArrays(NamedTuple):
    """What one training reads and writes; of a population, each with a first axis.

    seed: uint32[2]; hyper: float64[k]; params: float[n + t], t statistics behind the
    parameters; state: float[slots, n]; best: float[n + t], those kept by early stopping
    (0 without); curves: float64[CURVES, epochs]; outcome: float64[OUTCOMES].
    """

    seed: np.ndarray
    hyper: np.ndarray
    params: np.ndarray
    state: np.ndarray
    best: np.ndarray
    curves: np.ndarray
    outcome: np.ndarray


class Scratch(NamedTuple):
    """Memory of one training, shared by its threads.

    Small ones are padded, see `memory.padded`: read only as many entries as are told.
    grad, before: float[n], the gradient, and the parameters before a step; hyper:
    float64[k]; order: int64[rows]; batch: int64[6]; sums: float64[spans, 2], loss and
    score of each span; squares: float64[parts], |g|^2 of each; memory: float64[MEMORY],
    the schedule's; team: int64[SIZE].
    """

    grad: np.ndarray
    before: np.ndarray
    hyper: np.ndarray
    order: np.ndarray
    batch: np.ndarray
    sums: np.ndarray
    squares: np.ndarray
    memory: np.ndarray
    team: np.ndarray
    work: Workspace
    watch: Watch


class Data(NamedTuple):
    """Rows of every run, or one set for all (first axis of length 1).

    x: float[d, rows, i], y: float[d, rows, k]; x_val, y_val likewise, of 0 rows if
    none. train_metric, val_metric: float64[d, 2], the metric is [0] + [1] * sum of
    scores.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    train_metric: np.ndarray
    val_metric: np.ndarray


class Functions(NamedTuple):
    """What the loop calls by address: a model's passes, tasks, an optimizer's rules."""

    model: Model
    task: int
    update: int
    schedule: int
    observe: int
    average: int


class Course(NamedTuple):
    """All that one training is made of; index: which rows of `data` are its own."""

    net: Net
    functions: Functions
    data: Data
    plan: Plan
    run: RunArrays
    scratch: Scratch
    index: int


@inner
def gather(work, x, y, order, start, span):
    """Copy rows order[start + first], ... of x and y into a span of the workspace."""
    for r in range(span.first, span.first + span.rows):
        source = order[start + r]
        for c in range(x.shape[1]):
            work.x[r, c] = x[source, c]
        for c in range(y.shape[1]):
            work.y[r, c] = y[source, c]


@inner
def scale_of(plan, rows):
    """What the sum of the rows' gradients is multiplied by."""
    return 1.0 if plan.summed else 1.0 / rows


@inner
def begin_pass(plan, batch, work, index, first):
    """Key the draws of a span's pass. Returns the scale of its gradient.

    At drawn targets it is such that the gradient's square estimates the Gauss-Newton
    diagonal: with scale s, of a loss that is s times the sum over rows of the mean over
    k targets, and with independent draws, (s / k)^2 sum g^2 becomes (s / k) sum g^2.
    """
    scale, draws = scale_of(plan, batch[ROWS]), work.draws
    draws[index, 2], draws[index, 3] = batch[STEP], first
    draws[index, sampling.SAMPLER] = sampling.NO_SAMPLER
    if batch[CALL] == SAMPLED:
        draws[index, sampling.SAMPLER] = plan.sampler
        return math.sqrt(scale * work.y.shape[1])
    return scale
