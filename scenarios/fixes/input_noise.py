"""Noise on the inputs. Bishop (1995)."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _noise(trial, deviation):
    return replace(trial, input_noise=deviation)


FIXES = (
    Fix(
        name="input_noise",
        family="regularisation",
        apply=_noise,
        label="Random noise on the inputs",
        claim="An example that looks different every time cannot be memorised.",
        strength="standard deviation {dose}",
        treats=("overfitting", "overfitting.label_noise"),
        doses=Doses(
            "standard deviation", (0.05, 0.1, 0.2, 0.3, 0.5, 0.8), 0.3, least=0
        ),
    ),
)
