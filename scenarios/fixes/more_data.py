"""More training rows for the same number of steps, so that only the data change."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix


def _more(trial, times):
    data = replace(trial.data, rows=times * trial.data.rows)
    return replace(trial, data=data, epochs=max(1, trial.epochs // times))


def _fix(times, treats):
    return Fix(
        name=f"more_data_x{times}",
        family="more data",
        apply=partial(_more, times=times),
        label=f"{times} times the data, as many steps",
        claim="What holds for more examples is less likely to be an accident.",
        treats=treats,
        strength=f"{times} times the rows",
    )


FIXES = (
    _fix(4, ("overfitting", "overfitting.label_noise")),
    _fix(10, ("overfitting",)),
)
