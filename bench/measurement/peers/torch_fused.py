"""PyTorch, eager, with its fused Adam."""

from . import torch_eager
from .work import Peer

KINDS = ("step", "population")
PEER = Peer("PyTorch, fused Adam", "PyTorch", "torch", "torch", KINDS, layered=True)

MOST_NETWORKS = torch_eager.MOST_NETWORKS


def prepare(work):
    """See `peers`."""
    return torch_eager.prepare(work, fused=True)
