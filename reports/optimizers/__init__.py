"""The pages of `gradclinic optimizers`: how optimizers converge, and who is better."""

from .pages import write_optimizer_pages

__all__ = ["write_optimizer_pages"]
