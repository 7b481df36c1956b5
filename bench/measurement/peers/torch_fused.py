"""PyTorch, eager, with its fused Adam."""

from . import torch_eager
from .work import Peer

PEER = Peer("PyTorch, fused Adam", "PyTorch", "torch", "torch", ("step", "population"))

MOST_NETWORKS = torch_eager.MOST_NETWORKS


def prepare(work):
    """See `peers`."""
    return torch_eager.prepare(work, fused=True)
