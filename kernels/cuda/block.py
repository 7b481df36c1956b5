"""The kernels of a population: a block trains a network for a whole epoch.

Networks whose run has ended are passed over. Two forms of each kernel: with a network
in the block's shared memory, and, where it is too large, in a part of a global array.
"""

import math
from functools import cache

import numpy as np

from ..clipping import shrink
from ..jit import inner
from ..optimizers import OPTIMIZERS
from ..table import EVALUATE, KIND
from .arena import (
    AT_ONCE,
    BATCH,
    OPTIMIZER,
    PARTIAL,
    PARTS,
    SAMPLED_EVERY,
    SHARED_DATA,
    STATE,
    STEPS,
    SUMS,
    TABLES,
    TARGETS,
    BlockNetwork,
)
from .jit import SIMULATED, cuda, kernel
from .magnitude import root
from .passes import (
    DENSE,
    IDENTITY,
    backward,
    forward,
    gather,
    loss_of,
    number_below,
    settle,
)
from .rules import L1, L2, NORM, VALUE, penalise, updates
from .update import count_of
from .views import vector

# What an epoch leaves of a run, `results` real[r, RESULTS]: sums of losses, scores and
# norms over its steps; of its last step |step| and |parameters|; numbers of the state
# that are not finite; sums of losses and scores of the validation rows.
RUN_LOSS, RUN_SCORE, RUN_NORM, MOVED, SIZE, UNSOUND = range(6)
VAL_LOSS, VAL_SCORE, RESULTS = 6, 7, 8


@inner
def block_sums(network, memory, values, lane, lanes):
    """The sums over all threads of four numbers a thread, the same for every thread.

    In a fixed order: each of `PARTS` threads adds every so many-th thread's, then every
    thread adds those.
    """
    a, b, c, d = values
    sizes, zero = network.sizes, type(a)(0)
    partial = vector(memory, sizes[PARTIAL], AT_ONCE * lanes)
    sums = vector(memory, sizes[SUMS], AT_ONCE * PARTS)
    partial[lane], partial[lanes + lane] = a, b
    partial[2 * lanes + lane], partial[3 * lanes + lane] = c, d
    cuda.syncthreads()
    for part in range(lane, AT_ONCE * PARTS, lanes):
        which, total = part // PARTS, zero
        for k in range(part - which * PARTS, lanes, PARTS):
            total += partial[which * lanes + k]
        sums[part] = total
    cuda.syncthreads()
    first = second = third = fourth = zero
    for k in range(PARTS):
        first += sums[k]
        second += sums[PARTS + k]
        third += sums[2 * PARTS + k]
        fourth += sums[3 * PARTS + k]
    return first, second, third, fourth


@inner
def run_forward(network, memory, rows, draw, lane, lanes):
    """All layers, for the first rows of the batch."""
    for layer in range(network.layers.shape[0]):
        cuda.syncthreads()
        forward(network, memory, layer, rows, draw, lane, lanes)
    cuda.syncthreads()


@inner
def run_backward(network, memory, rows, draw, lane, lanes):
    """The gradient, from dL/d(output) of the last layer."""
    last, row = network.layers.shape[0] - 1, network.layers
    for layer in range(last, -1, -1):
        above = layer == last or row[layer + 1, KIND] != DENSE
        # A dense layer above has left the slope of this one in its delta.
        if above and number_below(network, layer) != IDENTITY:
            cuda.syncthreads()
            settle(network, memory, layer, rows, lane, lanes)
        cuda.syncthreads()
        backward(network, memory, layer, rows, draw, lane, lanes)
    cuda.syncthreads()


@inner
def copied(out, start, source, first, count, lane, lanes):
    """out[start:] = source[first:], so many entries of flat arrays."""
    out, source = vector(out, start, count), vector(source, first, count)
    for k in range(lane, count, lanes):
        out[k] = source[k]


@inner
def first_row(network, run, rows):
    """Where the rows of a run begin in the data: its own, or those of all."""
    return 0 if network.sizes[SHARED_DATA] else run * rows


@inner
def count_unsound(network, memory, lane, lanes):
    """How many numbers of the optimizer's state are not finite, a thread's part."""
    start, real = network.sizes[STATE], memory.dtype.type
    state = vector(memory, start, network.sizes[TARGETS] - start)
    count = real(0)
    cuda.syncthreads()
    for k in range(lane, state.size, lanes):
        count += real(0) if math.isfinite(state[k]) else real(1)
    return count


@cache
def _epoch(advance):
    """f(...): all steps of one network, which ends at a loss that is not finite."""

    @inner
    def step(network, memory, limits, table, row, rows, draw, sampled, lane, lanes):
        """One gradient and update. Returns loss, score, norm, parts of the move."""
        real = memory.dtype.type
        zero, one, sizes = real(0), real(1), network.sizes
        free = real(math.inf)
        run_forward(network, memory, rows, draw, lane, lanes)
        loss, score = loss_of(network, memory, rows, draw, sampled, lane, lanes)
        run_backward(network, memory, rows, draw, lane, lanes)
        # A gradient at drawn targets is that of the loss alone, and as it is.
        l1, l2 = (zero, zero) if sampled else (limits[L1], limits[L2])
        low, high = penalise(network, memory, l1, l2, lane, lanes)
        low, high, loss, score = block_sums(
            network, memory, (low, high, loss, score), lane, lanes
        )
        norm = root(low, high)
        factor = one if sampled else shrink(norm, limits[NORM])
        limit = free if sampled else limits[VALUE]
        moved, size = advance(
            sizes[OPTIMIZER], network, memory, table, row, factor, limit, lane, lanes
        )
        return loss, score, norm, moved, size

    @inner
    def epoch_of(
        network, memory, limits, table, group, x, y, order, key, epoch, lane, lanes
    ):
        """Sums over the steps of an epoch of loss, score, norm; the last one's move;
        numbers of the state that are not finite.

        order: as of `passes.gather`; key: uint32[2].
        """
        sizes = network.sizes
        batch, steps, every = sizes[BATCH], sizes[STEPS], sizes[SAMPLED_EVERY]
        zero = memory.dtype.type(0)
        loss_sum = score_sum = norm_sum = zero
        moved = size = (zero, zero)
        for k in range(steps):
            number, first = np.uint32(epoch * steps + k), k * batch
            rows = min(batch, order[0].shape[1] - first)
            draw = (key, np.uint32(number + np.uint32(1)))
            due = every > 0 and number % np.uint32(every if every > 0 else 1) == 0
            for call in range(0 if due else 1, 2):
                sampled = call == 0
                cuda.syncthreads()
                gather(network, memory, x, y, order, first, rows, lane, lanes)
                row = group * steps + k + (sizes[TABLES] * steps if sampled else 0)
                loss, score, norm, moved, size = step(
                    network,
                    memory,
                    limits,
                    table,
                    row,
                    rows,
                    draw,
                    sampled,
                    lane,
                    lanes,
                )
            loss_sum += loss
            score_sum += score
            norm_sum += norm
            if not math.isfinite(loss):
                break
        a, b, c, d = block_sums(network, memory, (*moved, *size), lane, lanes)
        unsound = count_unsound(network, memory, lane, lanes)
        unsound, _, _, _ = block_sums(
            network, memory, (unsound, zero, zero, zero), lane, lanes
        )
        return loss_sum, score_sum, norm_sum, root(a, b), root(c, d), unsound

    return epoch_of


def training_kernel(name, optimizers, shared, threads, resident):
    """The kernel that trains with one of some optimizers, in a form: see `_FORMS`."""
    train_run = _epoch(updates(optimizers))

    @kernel("mmtqimmmitvuvimmn", name, threads, resident=resident)
    def train(
        params,
        state,
        order,
        keys,
        alive,
        x,
        y,
        table,
        groups,
        layers,
        settings,
        least,
        limits,
        sizes,
        scratch,
        results,
        epoch,
    ):
        """One epoch of every run that is alive; in place.

        params: real[r, n]; state: real[r, slots n]; order: int32[r, rows]; keys:
        uint32[r, 2]; alive, groups: int32[r], the latter which table a run's scalars
        are in; table: real[(2) TABLES STEPS, k], where targets are drawn the scalars
        of those steps behind the others; limits: real[LIMITS]; scratch: real[blocks,
        k]; results: real[r, RESULTS]; the others: see `arena.Network`.
        """
        lane, lanes = cuda.threadIdx.x, cuda.blockDim.x
        network = BlockNetwork(layers, settings, least, sizes)
        if shared:
            memory = cuda.shared.array(0, scratch.dtype)
        else:
            width = scratch.shape[1]
            memory = vector(scratch, cuda.blockIdx.x * width, width)
        for run in range(cuda.blockIdx.x, params.shape[0], cuda.gridDim.x):
            if alive[run] != 0:
                n, m = params.shape[1], sizes[TARGETS] - sizes[STATE]
                rows = (order, run, first_row(network, run, order.shape[1]))
                cuda.syncthreads()
                copied(memory, 0, params, run * n, n, lane, lanes)
                copied(memory, sizes[STATE], state, run * m, m, lane, lanes)
                loss, score, norm, moved, size, unsound = train_run(
                    network,
                    memory,
                    limits,
                    table,
                    groups[run],
                    x,
                    y,
                    rows,
                    vector(keys, 2 * run, 2),
                    epoch,
                    lane,
                    lanes,
                )
                cuda.syncthreads()
                copied(params, run * n, memory, 0, n, lane, lanes)
                copied(state, run * m, memory, sizes[STATE], m, lane, lanes)
                if lane == 0:
                    results[run, RUN_LOSS], results[run, RUN_SCORE] = loss, score
                    results[run, RUN_NORM] = norm
                    results[run, MOVED], results[run, SIZE] = moved, size
                    results[run, UNSOUND] = unsound

    return train


def validation_kernel(name, shared, threads, resident):
    """The kernel that predicts the validation rows, in a form: see `_FORMS`."""

    @kernel("mimmtvuimmn", name, threads, resident=resident)
    def validate(
        params, alive, x, y, layers, settings, least, sizes, scratch, results, rows
    ):
        """Sums of losses and scores of all validation rows, of every run that is alive.

        rows: of one run; the others as of `train`, without dropout and noise.
        """
        lane, lanes = cuda.threadIdx.x, cuda.blockDim.x
        network = BlockNetwork(layers, settings, least, sizes)
        if shared:
            memory = cuda.shared.array(0, scratch.dtype)
        else:
            width = scratch.shape[1]
            memory = vector(scratch, cuda.blockIdx.x * width, width)
        zero = params.dtype.type(0)
        draw = (least, np.uint32(EVALUATE))  # nothing is drawn, by any key
        for run in range(cuda.blockIdx.x, params.shape[0], cuda.gridDim.x):
            if alive[run] != 0:
                loss = score = zero
                n, order = params.shape[1], (layers, -1, first_row(network, run, rows))
                cuda.syncthreads()
                copied(memory, 0, params, run * n, n, lane, lanes)
                for first in range(0, rows, sizes[BATCH]):
                    count = min(sizes[BATCH], rows - first)
                    cuda.syncthreads()
                    gather(network, memory, x, y, order, first, count, lane, lanes)
                    run_forward(network, memory, count, draw, lane, lanes)
                    more, right = loss_of(
                        network, memory, count, draw, False, lane, lanes
                    )
                    loss += more
                    score += right
                loss, score, _, _ = block_sums(
                    network, memory, (loss, score, zero, zero), lane, lanes
                )
                if lane == 0:
                    results[run, VAL_LOSS], results[run, VAL_SCORE] = loss, score

    return validate


@kernel("mmi")
def keep(best, params, improved):
    """best = params of the runs that improved. real[r, n]; int32[r]; a block a run."""
    run = cuda.blockIdx.x
    if improved[run] != 0:
        for k in range(cuda.threadIdx.x, params.shape[1], cuda.blockDim.x):
            best[run, k] = params[run, k]


# In shared memory?, threads of a block, and blocks that a multiprocessor must have
# registers for: with fewer registers a thread some would be kept in memory.
_FORMS = {"shared": (True, 128, 3), "global": (False, 256, 1)}
if SIMULATED:
    _FORMS = {"shared": (True, 3, 1), "global": (False, 3, 1)}


def _rule(optimizer):
    return optimizer.element, count_of(optimizer), optimizer.slots


NUMBERS = {
    name: number
    for number, name in enumerate(n for n, o in OPTIMIZERS.items() if o.elementwise)
}
_RULES = tuple(_rule(OPTIMIZERS[name]) for name in NUMBERS)
TRAIN = {
    form: training_kernel(f"train[{form}]", _RULES, *how)
    for form, how in _FORMS.items()
}
VALIDATE = {
    form: validation_kernel(f"validate[{form}]", *how) for form, how in _FORMS.items()
}


def training_of(optimizer, form):
    """(kernel, number of the optimizer in it); one of your own has a kernel apart."""
    if OPTIMIZERS.get(optimizer.name) is optimizer:
        return TRAIN[form], NUMBERS[optimizer.name]
    return _own_kernel(_rule(optimizer), optimizer.name, form), 0


@cache
def _own_kernel(rule, name, form):
    return training_kernel(f"train_{name}[{form}]", (rule,), *_FORMS[form])
