"""From numbers per seed to sentences: effects, verdicts of fixes, and detectors."""

from .detectors import DETECTORS, READS, Component, Detection
from .effects import Effect, improvements, paired_effect
from .signs import SignTest
from .survival import survival
from .verdicts import VERDICTS, Verdict, guarded, needs_extension, verdict

__all__ = [
    "DETECTORS",
    "READS",
    "VERDICTS",
    "Component",
    "Detection",
    "Effect",
    "SignTest",
    "Verdict",
    "guarded",
    "improvements",
    "needs_extension",
    "paired_effect",
    "survival",
    "verdict",
]
