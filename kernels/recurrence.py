"""What recurrent layers have in common: their steps, and how these lie in memory.

Step t of a row holds [slots | x_t | h_{t-1} | 1]: the slots are the layer's own (gates,
later their deltas), the rest is the input of all its products. So the parameters, seen
as one matrix with the bias as its last row, are met in one product, and the gradient
is one product too. A row keeps a step more than it has: its last state lies there.
Source: Werbos (1990), "Backpropagation through time"; Williams & Peng (1990) for
cutting it.
"""

from typing import NamedTuple

import numpy as np

from . import table, tile
from .jit import inner
from .layer import LayerPlan
from .matmul import strided_outer_sum, strided_product
from .validation import check_count, check_switch
from .views import vector

# Rows that go through all steps together: their states stay in the cache.
TOGETHER = 32
LINE = 16  # numbers of float32 in a cache line


class Recurrence(NamedTuple):
    """Sizes of a recurrent layer.

    steps, inputs, units: t, i, h; size: numbers of a step, and of a row, as kept;
    entry: where x_t begins in a step; columns: of its matrix; all_steps: is every
    state an output? truncate: steps after which backward is cut.
    """

    steps: int
    inputs: int
    units: int
    size: int
    row: int
    entry: int
    columns: int
    all_steps: int
    truncate: int


def check_recurrent(layer):
    """Of its fields units, return_sequences and truncate."""
    check_count("units", layer.units, 1)
    check_switch("return_sequences", layer.return_sequences)
    if layer.truncate is not None:
        check_count("truncate", layer.truncate, 1)


def plan_recurrent(layer, shape, gates, slots):
    """The `LayerPlan` of a recurrent layer: gates in its matrix, slots of a step."""
    if len(shape) != 2:
        raise ValueError(
            f"{type(layer).__name__} takes rows of shape (steps, inputs), got {shape}"
        )
    (t, i), h = shape, layer.units
    columns, entry = gates * h, slots * h
    size = spread(entry + i + h + 1)
    return LayerPlan(
        (t, h) if layer.return_sequences else (h,),
        i + h,
        columns,
        columns,
        kept=(t + 1) * size,
        work=t * (i + h + 1) * columns,
        geometry=(t, i, h, size, entry, layer.return_sequences, layer.truncate or t),
        parts=(
            ("weight", (i, columns)),
            ("recurrent", (h, columns)),
            ("bias", (columns,)),
        ),
        blocks=tuple((rows, h) for rows in (i, h) for _ in range(gates)),
    )


def spread(numbers):
    """A length from so many numbers on, an odd number of cache lines.

    Steps a power of two apart would share few places of a cache.
    """
    lines = -(-numbers // LINE)
    return (lines + 1 - lines % 2) * LINE


@inner
def recurrence_of(row):
    """The `Recurrence` of a line of the table."""
    return Recurrence(
        row[table.GEOMETRY],
        row[table.GEOMETRY + 1],
        row[table.GEOMETRY + 2],
        row[table.GEOMETRY + 3],
        row[table.KEPT_SIZE],
        row[table.GEOMETRY + 4],
        row[table.COLUMNS],
        row[table.GEOMETRY + 5],
        row[table.GEOMETRY + 6],
    )


@inner
def zero(values, start, size):
    """values[start : start + size] = 0, counted flat."""
    part = vector(values, start, size)
    for k in range(size):
        part[k] = 0


@inner
def begin(kept, x, its):
    """Put the inputs and ones in their places; all that is before step 0 is zero."""
    for r in range(x.shape[0]):
        for t in range(its.steps):
            at = r * its.row + t * its.size + its.entry
            entry = vector(kept, at, its.inputs + its.units + 1)
            for k in range(its.inputs):
                entry[k] = x[r, t * its.inputs + k]
            entry[its.inputs + its.units] = 1
        # Behind the last step only the state counts, which the steps write.
        behind = r * its.row + its.steps * its.size
        zero(kept, behind, its.size)
        zero(kept, r * its.row + its.entry + its.inputs, its.units)


@inner
def state_of(kept, at, its):
    """h_{t-1} of the step that begins at a place, float[h]."""
    return vector(kept, at + its.entry + its.inputs, its.units)


@inner
def hand_on(y, kept, r, t, its):
    """Copy the state after step t of a row to the output."""
    state = state_of(kept, r * its.row + (t + 1) * its.size, its)
    if its.all_steps or t == its.steps - 1:
        out = vector(y, r * y.shape[1] + t * its.units * its.all_steps, its.units)
        for k in range(its.units):
            out[k] = state[k]


@inner
def step_product(kept, w, at, rows, sizes, its):
    """Of some rows: columns of a slot = entries of x, h and 1, times rows of w.

    at: (place of the slot, of the first entry, of the first weight); sizes: (columns,
    entries).
    """
    strides = (its.row, its.row, its.columns)
    strided_product(kept, kept, w, at, (rows, sizes[0], sizes[1]), strides)


@inner
def slope_at(dz, r, t, its):
    """dL/d(state after step t) of a row, float[h]: a part of dz.

    Where only the last state is an output, its place serves one step after the other.
    """
    return vector(dz, r * dz.shape[1] + t * its.units * its.all_steps, its.units)


@inner
def is_cut(t, its):
    """Does no gradient go from step t to step t - 1?"""
    return t == 0 or t % its.truncate == 0


@inner
def begin_back(dx, kept, its):
    """Nothing comes from behind the last step, and nothing is in dx yet."""
    for r in range(kept.shape[0]):
        zero(kept, r * its.row + its.steps * its.size, its.entry)
    zero(dx, 0, dx.size)


@inner
def pass_to_state(dz, kept, w, span, t, its):
    """dL/dh_{t-1} += deltas of step t, in the first slots, times U^T.

    span: (first row, rows). Nothing across a cut.
    """
    if not is_cut(t, its):
        (first, rows), columns = span, its.columns
        place = first * dz.shape[1] + (t - 1) * its.units * its.all_steps
        at = first * its.row + t * its.size
        places, sizes = (place, at, its.inputs * columns), (rows, its.units, columns)
        strides = (dz.shape[1], its.row, columns)
        tile.add_by_transposed(dz, kept, w, places, sizes, strides)


@inner
def pass_to_inputs(dx, kept, w, span, t, which, its):
    """dL/dx_t += deltas of step t times W^T; nothing where dx has no rows.

    which: (the place of the first delta, the first column of W, columns).
    """
    if dx.shape[0] > 0:
        (first, rows), (slot, column, columns) = span, which
        at = first * its.row + t * its.size + slot
        places = (first * dx.shape[1] + t * its.inputs, at, column)
        strides = (dx.shape[1], its.row, its.columns)
        sizes = (rows, its.inputs, columns)
        tile.add_by_transposed(dx, kept, w, places, sizes, strides)


@inner
def gradient_of_rows(dw, kept, which, its, more):
    """dw = [x | h | 1]^T deltas over all steps of all rows, plus dw where `more`.

    dw: (array, first place, its rows, its columns); which: the first entry of [x | h |
    1], and the place of the first delta.
    """
    (to, place, rows, columns), (entry, slot) = dw, which
    steps = kept.size // its.size
    places, sizes = (place, its.entry + entry, slot), (rows, columns, steps)
    strides = (its.columns, its.size, its.size)
    strided_outer_sum(to, kept, kept, places, sizes, strides, more)


def gradient(dw, dz, kept, x, y, row, part, more):
    """[dW; dU; db] = sum over rows and steps of [x_t | h_{t-1} | 1]^T deltas_t.

    Of a layer whose matrix has one delta a column, in the first slots of a step.
    """
    its = recurrence_of(row)
    rows = dw.size // its.columns
    gradient_of_rows((dw, 0, rows, its.columns), kept, (part, 0), its, more)


@inner
def dot(kept, one, two, size):
    """The product of numbers from two places on, a float64."""
    left, right, total = vector(kept, one, size), vector(kept, two, size), 0.0
    for k in range(size):
        total += np.float64(left[k]) * np.float64(right[k])
    return total


def row_norms(x, dz, kept, y, row):
    """Sum over rows of |sum over t of e_t d_t^T|^2, e_t = [x_t | h_{t-1} | 1].

    A row's is the sum over steps s and t of (e_s . e_t) (d_s . d_t), d the deltas. Of a
    layer whose matrix has one delta a column. Source: Goodfellow (2015), "Efficient
    per-example gradient computations", for one step; the sum over pairs of steps is Li
    et al. (2022), "Large language models can be strong differentially private
    learners", on ghost clipping.
    """
    its, total = recurrence_of(row), 0.0
    entries = its.inputs + its.units + 1
    for r in range(x.shape[0]):
        for t in range(its.steps):
            at = r * its.row + t * its.size
            for s in range(t + 1):
                back = r * its.row + s * its.size
                same = dot(kept, at + its.entry, back + its.entry, entries)
                pair = same * dot(kept, at, back, its.columns)
                total += pair if s == t else 2 * pair
    return total
