"""Sharpness-aware minimisation around momentum: see `kernels.sharpness`."""

from ..sharpness import sam
from .momentum import OPTIMIZER as MOMENTUM

OPTIMIZER = sam(MOMENTUM, "sam")
