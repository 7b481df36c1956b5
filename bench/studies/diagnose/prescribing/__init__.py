"""The winner as settings for `gradclinic run --config`, and as code elsewhere."""

from .toml import prescribed, prescription_toml

__all__ = ["prescribed", "prescription_toml"]
