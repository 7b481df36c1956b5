"""Lookahead around momentum: see `kernels.lookahead`."""

from ..lookahead import lookahead
from .momentum import OPTIMIZER as MOMENTUM

OPTIMIZER = lookahead(MOMENTUM, "lookahead")
