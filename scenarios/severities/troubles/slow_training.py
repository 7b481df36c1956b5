"""Slow training: a learning rate far below the sound one."""

from dataclasses import replace

from ..injected import InjectedTrouble


def _slower(trial, factor):
    return replace(trial, lr=trial.lr / factor)


TROUBLE = InjectedTrouble(
    name="slow_training",
    title="Slow training",
    cause="The learning rate is divided by this.",
    unit="divisor of the learning rate",
    strengths=(10, 30, 100),
    caused=_slower,
    shows="slow_training",
)
