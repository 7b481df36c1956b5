"""The page of `gradclinic history`: seven decades of systems on shared tasks."""

from .page import write_history_page

__all__ = ["write_history_page"]
