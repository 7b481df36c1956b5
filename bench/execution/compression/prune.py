"""Magnitude pruning: single weights become zero. Han et al. (2015)."""

from ....kernels import prune

STAGE = 3
FILES = ("magnitude", "zeros")


def compressed(net, params, argument, retraining):
    """argument: the share of the weights that becomes zero."""
    return net, prune(net, params, argument)
