"""Memory pressure: no more bytes than a deep network on all rows needs, or fewer."""

from dataclasses import replace

from ..injected import InjectedTrouble

# Bytes that the twin needs by the ledger's prediction, which a test compares.
NEEDS = {
    "classification": 8_837_200,
    "digits": 8_951_880,
    "breast_cancer": 3_602_600,
}


def _short(trial, share):
    budget = round(share * NEEDS[trial.data.name])
    return replace(trial, memory=replace(trial.memory, budget=budget))


TROUBLE = InjectedTrouble(
    name="memory_pressure",
    title="Memory pressure",
    cause="A network of 48 layers takes one step on all rows, and may take this share"
    " of the bytes that it needs.",
    unit="share of the bytes needed",
    strengths=(1.0, 0.7, 0.4),
    caused=_short,
    shows="memory_pressure",
    twin="whole_batch",
    scored=False,
)
