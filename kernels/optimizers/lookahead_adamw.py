"""Lookahead around AdamW: see `kernels.lookahead`."""

from ..lookahead import lookahead
from .adamw import OPTIMIZER as ADAMW

OPTIMIZER = lookahead(ADAMW, "lookahead_adamw")
