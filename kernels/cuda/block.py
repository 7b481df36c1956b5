"""The kernels of a population: a block trains a network for a whole epoch.

Networks whose run has ended are passed over. Two forms of each kernel: with a network
in the block's shared memory, and, where it is too large, in a part of a global array.
"""

from functools import cache

import numpy as np

from .. import table
from ..jit import inner
from ..optimizers import OPTIMIZERS
from . import arena
from .arena import BlockNetwork
from .epoch import block_sums, epoch_of, run_forward
from .jit import SIMULATED, cuda, kernel
from .passes import gather, loss_of
from .rules import updates
from .update import count_of
from .views import vector

# What an epoch leaves of a run, `results` real[r, RESULTS]: sums of losses, scores and
# norms over its steps; of its last step |step| and |parameters|; numbers of the state
# that are not finite; sums of losses and scores of the validation rows.
RUN_LOSS, RUN_SCORE, RUN_NORM, MOVED, SIZE, UNSOUND = range(6)
VAL_LOSS, VAL_SCORE, RESULTS = 6, 7, 8


@inner
def copied(out, start, source, first, count, lane, lanes):
    """out[start:] = source[first:], so many entries of flat arrays."""
    out, source = vector(out, start, count), vector(source, first, count)
    for k in range(lane, count, lanes):
        out[k] = source[k]


@inner
def first_row(network, run, rows):
    """Where the rows of a run begin in the data: its own, or those of all."""
    return 0 if network.sizes[arena.SHARED_DATA] else run * rows


@inner
def load(network, memory, params, state, run, lane, lanes):
    """Bring a run's parameters and its optimizer's state into the block's memory."""
    n, start = params.shape[1], network.sizes[arena.STATE]
    m = network.sizes[arena.TARGETS] - start
    cuda.syncthreads()
    copied(memory, 0, params, run * n, n, lane, lanes)
    copied(memory, start, state, run * m, m, lane, lanes)


@inner
def store(network, memory, params, state, run, lane, lanes):
    """Bring them back."""
    n, start = params.shape[1], network.sizes[arena.STATE]
    m = network.sizes[arena.TARGETS] - start
    cuda.syncthreads()
    copied(params, run * n, memory, 0, n, lane, lanes)
    copied(state, run * m, memory, start, m, lane, lanes)


@inner
def note(results, run, found):
    """Write what `epoch_of` found, by one thread."""
    loss, score, norm, moved, size, unsound = found
    if cuda.threadIdx.x == 0:
        results[run, RUN_LOSS], results[run, RUN_SCORE] = loss, score
        results[run, RUN_NORM] = norm
        results[run, MOVED], results[run, SIZE] = moved, size
        results[run, UNSOUND] = unsound


def training_kernel(name, optimizers, shared, threads, resident):
    """The kernel that trains with one of some optimizers, in a form: see `_FORMS`.

    Its arguments: params: real[r, n]; state: real[r, slots n]; order: int32[r, rows];
    keys: uint32[r, 2]; alive, groups: int32[r], the latter which table a run's scalars
    are in; scalars: real[(2) TABLES STEPS, k], where targets are drawn the scalars of
    those steps behind the others; limits: real[LIMITS]; scratch: real[blocks, k];
    results: real[r, RESULTS]; the others: see `arena.BlockNetwork`.
    """
    train_epoch = epoch_of(updates(optimizers))

    @kernel("mmtqimmmitvuvimmn", name, threads, resident=resident)
    def train(
        params,
        state,
        order,
        keys,
        alive,
        x,
        y,
        scalars,
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
        """One epoch of every run that is alive; in place."""
        network = BlockNetwork(layers, settings, least, sizes)
        memory = vector(scratch, cuda.blockIdx.x * scratch.shape[1], scratch.shape[1])
        if shared:
            memory = cuda.shared.array(0, scratch.dtype)
        data, lane, lanes = (x, y), cuda.threadIdx.x, cuda.blockDim.x
        for run in range(cuda.blockIdx.x, params.shape[0], cuda.gridDim.x):
            if alive[run] != 0:
                rows = (order, run, first_row(network, run, order.shape[1]))
                time, g = (vector(keys, 2 * run, 2), epoch), groups[run]
                load(network, memory, params, state, run, lane, lanes)
                found = train_epoch(
                    network, memory, limits, scalars, g, data, rows, time, lane, lanes
                )
                store(network, memory, params, state, run, lane, lanes)
                note(results, run, found)

    return train


@inner
def validate_rows(network, memory, data, order, rows, draw, lane, lanes):
    """A thread's own sums of losses and scores of a run's rows of data, (x, y)."""
    loss = score = memory.dtype.type(0)
    for first in range(0, rows, network.sizes[arena.BATCH]):
        count = min(network.sizes[arena.BATCH], rows - first)
        cuda.syncthreads()
        gather(network, memory, data[0], data[1], order, first, count, lane, lanes)
        run_forward(network, memory, count, draw, lane, lanes)
        more, right = loss_of(network, memory, count, draw, False, lane, lanes)
        loss += more
        score += right
    return loss, score


def validation_kernel(name, shared, threads, resident):
    """The kernel that predicts the validation rows, in a form: see `_FORMS`."""

    @kernel("mimmtvuimmn", name, threads, resident=resident)
    def validate(
        params, alive, x, y, layers, settings, least, sizes, scratch, results, rows
    ):
        """Sums of losses and scores of all validation rows, of every run that is alive.

        rows: of one run; the others as of `train`, without dropout and noise.
        """
        network = BlockNetwork(layers, settings, least, sizes)
        memory = vector(scratch, cuda.blockIdx.x * scratch.shape[1], scratch.shape[1])
        if shared:
            memory = cuda.shared.array(0, scratch.dtype)
        n, data, zero = params.shape[1], (x, y), params.dtype.type(0)
        lane, lanes = cuda.threadIdx.x, cuda.blockDim.x
        draw = (least, np.uint32(table.EVALUATE))  # nothing is drawn, by any key
        for run in range(cuda.blockIdx.x, params.shape[0], cuda.gridDim.x):
            if alive[run] != 0:
                order = (layers, -1, first_row(network, run, rows))
                cuda.syncthreads()
                copied(memory, 0, params, run * n, n, lane, lanes)
                loss, score = validate_rows(
                    network, memory, data, order, rows, draw, lane, lanes
                )
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
    """(kernel, number of the optimizer in it); one of your own has its own kernel."""
    if OPTIMIZERS.get(optimizer.name) is optimizer:
        return TRAIN[form], NUMBERS[optimizer.name]
    return _own_kernel(_rule(optimizer), optimizer.name, form), 0


@cache
def _own_kernel(rule, name, form):
    return training_kernel(f"train_{name}[{form}]", (rule,), *_FORMS[form])
