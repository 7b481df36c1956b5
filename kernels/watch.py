"""What a step tells about training beside its loss, measured inside the step.

Per layer and step: norm of the gradient, mean squared norm of the rows' own gradients,
size of the update against the weights, units that hardly any row activates, and the
share of saturated activations.
"""

from typing import NamedTuple

import numpy as np

from . import functions, table
from .activations import count_active, slope_from_input
from .functions import call_row_norms
from .jit import inner
from .loop.workspace import delta, kept_of, layer_row, output
from .penalties import square
from .views import matrix, vector

# Entries of a record.
GRADIENT, SAMPLES, MOVED, WEIGHTS, DEAD, SATURATED, LOSS = range(7)
ENTRIES = 7
# A unit is active on a row where its slope is at least this; dead if on fewer rows.
ACTIVE_SLOPE, DEAD_SHARE = 0.05, 0.01


class Watch(NamedTuple):
    """Records and what they are put together from; all empty where nothing is watched.

    records: float64[steps, layers, ENTRIES]: |g|^2, mean over rows of |g_row|^2, |p' -
    p|^2, |p|^2, dead units, share of saturated activations, and the batch's mean loss,
    the same in every layer. samples: float64[spans,
    layers]. active: float[spans, units], rows that activate each unit. moves:
    float64[parts, 2]. places: int64[layers], first unit of each layer.
    """

    records: np.ndarray
    samples: np.ndarray
    active: np.ndarray
    moves: np.ndarray
    places: np.ndarray


def new_watch(net, dtype="float32", steps=0, spans=0, parts=0, stack=()):
    """A `Watch` over so many steps; 0 steps watch nothing."""
    widths, on = net.table[:, table.OUTPUTS], steps > 0
    layers, units = len(widths), int(widths.sum())
    places = np.empty((*stack, layers), dtype=np.int64)
    places[:] = np.cumsum(widths) - widths
    return Watch(
        np.zeros((*stack, steps, layers, ENTRIES)),
        np.zeros((*stack, spans * on, layers)),
        np.zeros((*stack, spans * on, units), dtype=dtype),
        np.zeros((*stack, parts * on, 2)),
        places,
    )


@inner
def watch_rows(net, model, work, watch, span, layer):
    """Note a layer's rows, after backward has left dz in its delta."""
    if watch.records.shape[0] == 0:
        return
    row = layer_row(net, layer)
    x, y = output(net, row[table.SOURCE], work, span), output(net, layer, work, span)
    if row[table.SIZE] > 0:
        watch.samples[span.index, layer] += call_row_norms(
            model.kinds[functions.ROW_NORMS, row[table.KIND]],
            x,
            delta(net, layer, work, span),
            kept_of(row, work, span),
            y,
            row,
        )
    first = watch.places[layer]
    start = span.index * watch.active.shape[1] + first
    units = vector(watch.active, start, y.shape[1])
    number = row[table.ACTIVATION]
    if slope_from_input(number):
        count_active(units, x, number, ACTIVE_SLOPE)
    else:
        count_active(units, y, number, ACTIVE_SLOPE)


@inner
def watch_move(watch, k, before, after):
    """Note how far a part of the parameters has moved. float[m]."""
    moved, weight = 0.0, 0.0
    for i in range(before.size):
        moved += square(after[i] - before[i])
        weight += square(before[i])
    watch.moves[k, 0], watch.moves[k, 1] = moved, weight


@inner
def clear(watch):
    """Forget the step before."""
    for span in range(watch.samples.shape[0]):
        for layer in range(watch.samples.shape[1]):
            watch.samples[span, layer] = 0.0
        for unit in range(watch.active.shape[1]):
            watch.active[span, unit] = 0


@inner
def record(net, plan, scratch, step, rows, scale, loss):
    """Put a step's record together from its spans and parts, then forget them."""
    watch = scratch.watch
    if watch.records.shape[0] == 0:
        return
    size = watch.records.shape[1] * ENTRIES
    records = matrix(watch.records, (step - 1) * size, watch.records.shape[1], ENTRIES)
    for k in range(plan.parts.shape[0]):
        layer = plan.parts[k, 0]
        records[layer, GRADIENT] += scratch.squares[k]
        records[layer, MOVED] += watch.moves[k, 0]
        records[layer, WEIGHTS] += watch.moves[k, 1]
    for layer in range(records.shape[0]):
        records[layer, LOSS] = loss
        for span in range(watch.samples.shape[0]):
            # Deltas carry the scale of the batch: a row's own gradient does not.
            share = watch.samples[span, layer] / (scale * scale * rows)
            records[layer, SAMPLES] += share
        count_units(watch, layer, net.table[layer, table.OUTPUTS], rows, records[layer])
    clear(watch)


@inner
def count_units(watch, layer, units, rows, entries):
    """Dead units and the share of saturated activations of a layer, in its record."""
    first, one = watch.places[layer], watch.active.dtype.type(1)
    counts = vector(watch.active, first, units)
    for span in range(1, watch.active.shape[0]):
        others = vector(watch.active, span * watch.active.shape[1] + first, units)
        for unit in range(units):
            counts[unit] += others[unit]
    dead, active, least = one - one, 0.0, watch.active.dtype.type(DEAD_SHARE * rows)
    for unit in range(units):
        dead += one if counts[unit] < least else one - one
        active += counts[unit]
    entries[DEAD] = dead
    entries[SATURATED] = 1.0 - active / (rows * units)
