"""Losses and scores, a thread a row; and targets drawn from predictions."""

import math

import numpy as np

from ..losses import LOSSES
from ..philox import TARGETS, philox
from ..sampling import draw_target
from . import batch_place
from .formulas import choice
from .jit import SIMULATED, cuda, kernel

# row_loss(number, dz, z, y, r, scale), row_score(number, z, y, r): see `loss_rows`.
row_loss = choice([each.loss_row for each in LOSSES.values()])
row_score = choice([each.score_row for each in LOSSES.values()])
# A warp a block: a batch has few rows, which should spread over the device.
_THREADS = None if SIMULATED else 32


@kernel("mvvmminnn", threads=_THREADS)
def gradient(dz, losses, scores, z, y, place, number, summed, sampled):
    """dz = scale dL/dz, losses and scores of the rows; zero in those that only pad.

    dz, z: real[b, o]; losses, scores: real[b]; y: real[b, k]; place: int32[PLACES]. The
    scale is 1 where `summed`, else 1 / rows, and where `sampled` the square root of its
    k-fold: see `batch.begin_pass`.
    """
    real, rows = z.dtype.type, place[batch_place.ROWS]
    scale = real(1) if summed else real(1) / real(rows)
    if sampled:
        scale = math.sqrt(scale * real(y.shape[1]))
    for r in range(cuda.grid(1), z.shape[0], cuda.gridsize(1)):
        losses[r], scores[r] = real(0), real(0)
        if r < rows:
            losses[r] = row_loss(number, dz, z, y, r, scale)
            scores[r] = row_score(number, z, y, r)
        else:
            for c in range(z.shape[1]):
                dz[r, c] = real(0)


@kernel("mmuin", threads=_THREADS)
def draw_targets(y, z, key, place, sampler):
    """y drawn from exp(-loss) at outputs z, with the words of `sampling.draw_targets`.

    y: real[b, k]; z: real[b, o]; key: uint32[2]; place: int32[PLACES].
    """
    step, one = np.uint32(place[batch_place.STEP]), z.dtype.type(1)
    for r in range(cuda.grid(1), z.shape[0], cuda.gridsize(1)):
        for c in range(y.shape[1]):
            words = philox(r, step, TARGETS, c, key[0], key[1])
            y[r, c] = draw_target(z, r, c, sampler, words[0], words[1], one)
