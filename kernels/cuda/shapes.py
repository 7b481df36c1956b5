"""A network and a training as the small arrays that the kernels of a block read."""

import numpy as np

from .. import table
from ..losses import LOSSES
from ..philox import keep_above
from . import arena
from .arena import BlockNetwork, arranged
from .gpu import gpu
from .jit import SIMULATED
from .layers import NUMBERS


def network_of(job, tables, number, threads):
    """`arena.Network` on the host, and the sizes to predict with, without state.

    tables: of scalars; number: of the optimizer in its kernel; threads: of a block.
    """
    net, plan = job.net, job.plan
    given, _ = net.arrays(job.settings.memory)
    rates = given.reals
    settings, least = rates.copy(), np.zeros(len(rates), np.uint32)
    layers = given.table.copy()
    layers[:, table.KIND] = [NUMBERS[node.kind.name] for node in net.nodes]
    layers[:, table.WORK] = 0  # it may not fit into an int32, and no kernel reads it
    for layer in np.flatnonzero(layers[:, table.KIND] == NUMBERS["dropout"]):
        settings[layer] = 1.0 / (1.0 - rates[layer])
        least[layer] = keep_above(rates[layer])
    sizes = np.zeros(arena.SIZES, np.int32)
    sizes[arena.PARAMETERS], sizes[arena.BATCH] = net.n_params, plan.batch
    sizes[arena.X], sizes[arena.Y] = net.inputs, net.targets
    sizes[arena.STEPS], sizes[arena.TABLES] = steps_of(job), tables
    sizes[arena.LOSS], sizes[arena.OPTIMIZER] = LOSSES[net.loss].number, number
    sizes[arena.SAMPLER], sizes[arena.SAMPLED_EVERY] = plan.sampler, plan.sampled_every
    sizes[arena.SUMMED], sizes[arena.SHARED_DATA] = plan.summed, len(job.data.x) == 1
    widths, slots = layers[:, table.OUTPUTS], job.optimizer.slots
    plain, sizes = (arranged(sizes, k, widths, threads) for k in (0, slots))
    return BlockNetwork(
        layers.astype(np.int32), settings.astype(job.dtype), least, sizes
    ), plain


def steps_of(job):
    """Steps of an epoch."""
    return -(-job.data.x.shape[1] // job.plan.batch)


def most_blocks():
    """Blocks that networks in global memory are trained by, side by side."""
    return 2 if SIMULATED else 8 * gpu().multiprocessors
