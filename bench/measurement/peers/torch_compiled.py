"""PyTorch, forward and backward by torch.compile, with its fused Adam."""

from . import torch_eager
from .work import Peer

PEER = Peer(
    "PyTorch, torch.compile and fused Adam", "PyTorch", "torch", "torch", ("step",)
)


def prepare(work):
    """See `peers`. Needs a C++ compiler at run time."""
    return torch_eager.prepare(work, fused=True, compiled=True)
