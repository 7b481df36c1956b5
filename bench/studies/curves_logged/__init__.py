"""Curves that another program logged, or logs now: their troubles, named."""

from .monitor import Monitor
from .reading import read_curves
from .study import curves_content

__all__ = ["Monitor", "curves_content", "read_curves"]
