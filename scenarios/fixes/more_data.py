"""More training rows for the same number of steps, so that only the data change."""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def more(trial, times):
    """Times the training rows, in as many steps."""
    data = replace(trial.data, rows=times * trial.data.rows)
    return replace(trial, data=data, epochs=max(1, trial.epochs // times))


FIXES = (
    Fix(
        name="more_data",
        family="more data",
        apply=more,
        label="More data, as many steps",
        claim="What holds for more examples is less likely to be an accident.",
        strength="{dose} times the rows",
        treats=("overfitting", "overfitting.label_noise"),
        # Of the shifted digits that a seed draws there are no more.
        doses=Doses("times the rows", (2, 4, 8, 12, 20), 4, least=1, most=20),
    ),
)
