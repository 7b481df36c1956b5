"""The page of `gradclinic detectors`: how often each rule is right."""

from .page import write_detectors_page

__all__ = ["write_detectors_page"]
