"""Compiled numerics: layers, losses, penalties, optimizers and the training loops.

Shape letters, the same everywhere: b batch rows, i inputs, o outputs, n flat
parameters, r runs of a population, k a small count told in place.
"""

from . import layers
from .building import mlp, sequential
from .input_gradient import input_gradient
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
    "Network",
    "Optimizer",
    "Perceptron",
    "QuantisedNetwork",
    "RangeTest",
    "input_gradient",
    "layers",
    "lr_range_test",
    "mlp",
    "quantise",
    "sequential",
    "train",
    "train_population",
]
