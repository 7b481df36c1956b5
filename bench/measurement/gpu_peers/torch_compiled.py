"""PyTorch, forward and backward by torch.compile, with its fused Adam."""

from ..peers.work import Peer
from . import torch_eager

PEER = Peer("PyTorch compiled", "PyTorch", "torch", "torch", ("step",))


def prepare(work):
    """See `peers`."""
    return torch_eager.prepare(work, compiled=True)
