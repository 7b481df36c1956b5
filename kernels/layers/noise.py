"""Gaussian noise added to its input in training.

Source: Sietsma & Dow (1991); Bishop (1995) shows it acts as a Tikhonov penalty.
"""

from ..copies import copy
from ..philox import normal_pair, philox
from ..table import EVALUATE, STREAM


def forward(y, x, w, row, real, draw):
    """y = x + real N(0, 1) in training, y = x in evaluation. real: the deviation."""
    copy(y, x)
    if draw[2] == EVALUATE:
        return
    width = x.shape[1]
    blocks = (width + 3) // 4
    for r in range(x.shape[0]):
        first = (draw[3] + r) * blocks
        for block in range(blocks):
            w0, w1, w2, w3 = philox(
                first + block, draw[2], row[STREAM], 0, draw[0], draw[1]
            )
            normals = normal_pair(w0, w1) + normal_pair(w2, w3)
            for j in range(min(4, width - 4 * block)):
                y[r, 4 * block + j] += real * normals[j]


def backward(dx, dy, x, y, w, row, real, draw):
    """dx = dy"""
    if dx.shape[0] > 0:
        copy(dx, dy)
