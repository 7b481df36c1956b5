"""The page of `gradclinic compare`."""

from .page import write_compare_page
from .tables import pair_lines

__all__ = ["pair_lines", "write_compare_page"]
