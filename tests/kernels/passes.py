"""Loss and gradient of a network as a training computes them, with its draws."""

import numpy as np
from gradclinic.kernels import sampling
from gradclinic.kernels.loop.gradient import gradient
from gradclinic.kernels.loop.workspace import Span
from gradclinic.kernels.memory import StepMemory
from gradclinic.kernels.passes import model, workspace
from gradclinic.kernels.watch import new_watch

TRAINING = 3  # any step number but that of evaluation


def in_training(net, params, x, y, pieces=1, plan=None, step=TRAINING):
    """(summed loss, gradient float[n] of it), the rows in so many pieces."""
    dtype, grad = params.dtype.name, np.full(net.n_params, np.nan, params.dtype)
    arrays, sizes = net.arrays(plan or StepMemory())
    work, passes = (
        workspace(net, sizes, len(x), dtype),
        model(net.kinds, net.loss, dtype),
    )
    work.activations[:] = work.deltas[:] = np.nan
    total, each = 0.0, -(-len(x) // pieces)
    for first in range(0, len(x), each):
        rows = min(each, len(x) - first)
        work.x[:rows], work.y[:rows] = x[first : first + rows], y[first : first + rows]
        work.draws[0] = (7, 0, step, first, sampling.NO_SAMPLER)
        loss, _ = gradient(
            arrays,
            passes,
            params,
            grad,
            new_watch(net, dtype),
            work,
            Span(0, 0, rows),
            1.0,
            first > 0,
        )
        total += loss
    return total, grad
