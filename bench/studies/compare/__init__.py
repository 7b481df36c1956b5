"""What changed between stored runs, versions or machines."""

from .study import compared

__all__ = ["compared"]
