"""Dropout. Srivastava et al. (2014)."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _dropout(trial, rate):
    return replace(trial, dropout=rate)


FIXES = (
    Fix(
        name="dropout",
        family="regularisation",
        apply=_dropout,
        label="Dropout",
        claim="Units switched off at random cannot memorise one example together.",
        strength="rate {dose}",
        treats=("overfitting", "overfitting.label_noise"),
        doses=Doses(
            "rate", (0.1, 0.2, 0.3, 0.5, 0.7, 0.8), 0.5, "linear", least=0, most=0.95
        ),
    ),
)
