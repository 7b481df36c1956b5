"""Compiled numerics: layers, losses, penalties, optimizers and the training loops.

Shape letters, the same everywhere: b batch rows, i inputs, o outputs, n flat
parameters, r runs of a population, k a small count told in place.
"""

from . import layers
from .averaging import averaging
from .building import mlp, sequential
from .compression import (
    LoadedNetwork,
    keeping_zeros,
    load_network,
    low_rank,
    prune,
    prune_units,
    save_network,
)
from .input_gradient import input_gradient
from .max_norm import max_norm
from .minimisers import MINIMISERS
from .network import Network
from .optimizer import Optimizer
from .optimizers import OPTIMIZERS
from .perceptron import Perceptron
from .quantised import QuantisedNetwork, quantise
from .range_test import RangeTest, lr_range_test
from .trainer import train, train_population

__all__ = [
    "MINIMISERS",
    "OPTIMIZERS",
    "LoadedNetwork",
    "Network",
    "Optimizer",
    "Perceptron",
    "QuantisedNetwork",
    "RangeTest",
    "averaging",
    "input_gradient",
    "keeping_zeros",
    "layers",
    "load_network",
    "low_rank",
    "lr_range_test",
    "max_norm",
    "mlp",
    "prune",
    "prune_units",
    "quantise",
    "save_network",
    "sequential",
    "train",
    "train_population",
]
