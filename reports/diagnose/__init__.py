"""The page of `gradclinic diagnose`, and a short form of it for notebooks."""

from .page import summary_html, write_diagnose_page

__all__ = ["summary_html", "write_diagnose_page"]
