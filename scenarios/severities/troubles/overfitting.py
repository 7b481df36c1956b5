"""Overfitting: few rows, and many passes over them."""

from dataclasses import replace

from ..injected import InjectedTrouble, with_data


def _few_rows(trial, share):
    epochs = round(trial.epochs * share / 4)
    return with_data(replace(trial, epochs=epochs), rows=round(trial.data.rows / share))


TROUBLE = InjectedTrouble(
    name="overfitting",
    title="Overfitting",
    cause="The network is trained on one row in so many, for more epochs in return.",
    unit="times fewer rows",
    strengths=(4, 12, 24),
    caused=_few_rows,
    shows="overfitting",
)
