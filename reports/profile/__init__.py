"""The page of `gradclinic profile`: how fast training runs, and beside what."""

from .page import write_profile_page

__all__ = ["write_profile_page"]
