"""Trained networks made smaller: fewer weights, fewer units, thinner matrices.

`quantised` beside this folder has whole numbers in the place of floats.
"""

from .file import LoadedNetwork, load_network, save_network
from .low_rank import low_rank
from .magnitude import prune
from .units import prune_units
from .zeros import keeping_zeros

__all__ = [
    "LoadedNetwork",
    "keeping_zeros",
    "load_network",
    "low_rank",
    "prune",
    "prune_units",
    "save_network",
]
