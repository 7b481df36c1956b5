"""Activation as a layer of its own, for those whose slope needs the input (GELU)."""

from ..activations import activate, chain
from ..copies import copy
from ..table import ACTIVATION


def forward(y, x, w, row, real, draw):
    """y = f(x)"""
    copy(y, x)
    activate(y, row[ACTIVATION])


def backward(dx, dw, dy, x, y, w, row, real, draw):
    """dx = dy f'(x)"""
    if dx.shape[0] > 0:
        chain(dx, dy, x, row[ACTIVATION])
