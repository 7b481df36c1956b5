"""The cost of an update beside torch.optim's, for every optimizer that both have."""

from .measure import measure

__all__ = ["measure"]
