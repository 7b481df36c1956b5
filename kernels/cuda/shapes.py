"""A network and a training as the small arrays that the kernels of a block read."""

import numpy as np
from numba import cuda

from ..layers import NUMBERS
from ..losses import LOSSES
from ..philox import keep_above
from ..table import KIND, OUTPUTS
from . import arena
from .arena import SIZES, Network, reals_of
from .jit import SIMULATED

# Bytes of shared memory that a block may ask for, in the simulator.
SIMULATED_SHARED = 64 * 1024


def network_of(job, tables, number):
    """`arena.Network` on the host. number: of the optimizer in its kernel."""
    net, plan = job.net, job.plan
    given, _ = net.arrays(job.settings.memory)
    rates = given.reals
    settings, least = rates.copy(), np.zeros(len(rates), np.uint32)
    for layer in np.flatnonzero(given.table[:, KIND] == NUMBERS["dropout"]):
        settings[layer] = 1.0 / (1.0 - rates[layer])
        least[layer] = keep_above(rates[layer])
    widths = given.table[:, OUTPUTS]
    sizes = np.zeros(SIZES, np.int32)
    sizes[arena.PARAMETERS], sizes[arena.SLOTS] = net.n_params, job.optimizer.slots
    sizes[arena.BATCH], sizes[arena.STEPS] = plan.batch, steps_of(job)
    sizes[arena.X], sizes[arena.Y] = net.inputs, net.targets
    sizes[arena.COLUMNS], sizes[arena.WIDEST] = widths.sum(), widths.max()
    sizes[arena.LOSS], sizes[arena.OPTIMIZER] = LOSSES[net.loss].number, number
    sizes[arena.SAMPLER], sizes[arena.SAMPLED_EVERY] = plan.sampler, plan.sampled_every
    sizes[arena.SUMMED], sizes[arena.TABLES] = plan.summed, tables
    sizes[arena.SHARED_DATA] = len(job.data.x) == 1
    table = given.table.astype(np.int32)
    return Network(table, settings.astype(job.dtype), least, sizes)


def steps_of(job):
    """Steps of an epoch."""
    return -(-job.data.x.shape[1] // job.plan.batch)


def most_shared():
    """Bytes of shared memory that a block may ask for."""
    if SIMULATED:
        return SIMULATED_SHARED
    return cuda.get_current_device().MAX_SHARED_MEMORY_PER_BLOCK_OPTIN


def most_blocks():
    """Blocks that networks in global memory are trained by, side by side."""
    return 2 if SIMULATED else 8 * cuda.get_current_device().MULTIPROCESSOR_COUNT


def bytes_of(network, threads):
    """Bytes of a network in its block."""
    return reals_of(network.sizes, threads) * network.settings.itemsize
