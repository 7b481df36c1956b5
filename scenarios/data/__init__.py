"""Data sets: bundled, generated or from a file, split with a seed. No downloads."""

from .sources import SOURCES
from .split import Split, load
from .table import DataError
from .transforms import TRANSFORMS

__all__ = ["SOURCES", "TRANSFORMS", "DataError", "Split", "load"]
