"""Another learning rate, beside a baseline whose own was tuned."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _scaled(trial, factor):
    return replace(trial, lr=factor * trial.lr)


FIXES = (
    Fix(
        name="learning_rate",
        family="optimization",
        apply=_scaled,
        label="Another learning rate",
        claim="A badly chosen rate looks like any other trouble.",
        strength="{dose} times the baseline's rate",
        treats=(
            "overfitting",
            "overfitting.label_noise",
            "underfitting",
            "underfitting.digits",
        ),
        doses=Doses("times the rate", (0.25, 0.5, 0.7, 1.4, 2.0, 4.0), 0.5, least=0),
    ),
)
