"""The cost of an update beside torch.optim's, for every optimizer that both have."""

from .beside_torch import measure

__all__ = ["measure"]
