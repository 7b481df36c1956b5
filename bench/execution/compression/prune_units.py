"""Structured pruning: whole hidden units go. Li et al. (2017)."""

from ....kernels import prune_units

STAGE = 1
FILES = ("units",)


def compressed(net, params, argument, retraining):
    """argument: the share of the units of each hidden layer that goes."""
    return prune_units(net, params, argument)
