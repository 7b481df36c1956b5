"""The page of results that others published."""

from .page import write_published_page

__all__ = ["write_published_page"]
