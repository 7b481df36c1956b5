"""A network too small, too smooth and too held back for what it must learn."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_SYMPTOM = Symptom(
    "underfitting",
    "The training loss is over 10 % above the best of wider networks, training and"
    " validation accuracy lie within 2 points, and doubling the width helps.",
)
_REFERENCES = (
    "Cybenko (1989), Approximation by superpositions of a sigmoidal function,"
    " Mathematics of Control, Signals and Systems 2",
    "Geman, Bienenstock & Doursat (1992), Neural networks and the bias/variance"
    " dilemma, Neural Computation 4",
    "Stanford CS231n, Putting it together: minimal neural network case study (spirals)",
)


def _wider(trial, times):
    return replace(trial, hidden=tuple(times * width for width in trial.hidden))


def _width(times):
    return Fix(
        name=f"wider_x{times}",
        family="capacity",
        apply=partial(_wider, times=times),
        label=f"Hidden layers {times} times as wide",
        claim="A wider network can draw more boundaries.",
    )


_SWEEP = (_width(2), _width(4))

_SPIRALS = Trial(
    Dataset(
        "spirals",
        rows=3600,
        validation=4000,
        test=2000,
        options=(("n_samples", 20500),),
    ),
    hidden=(4,),
    activation="softplus",
    lr=0.03,
    l2=5e-4,
    batch_size=32,
    epochs=8,
)

_DIGITS = Scenario(
    name="underfitting.digits",
    title="Underfitting on handwritten digits",
    summary="Two hidden units have to carry everything about ten digits. Training and"
    " new rows may show the same image, moved differently.",
    baseline=Trial(
        # Splits of 1,797 digits would be too few to show a gap below 2 points.
        Dataset(
            "shifted_digits",
            rows=6000,
            validation=4000,
            test=2000,
            options=(("n_samples", 12000),),
            transforms=(("min_max", 0),),
        ),
        hidden=(2,),
        activation="tanh",
        lr=0.01,
        batch_size=32,
        epochs=3,
    ),
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="dropout",
            family="control",
            apply=partial(replace, dropout=0.3),
            label="Dropout of 30 %",
            claim="It takes capacity away from a network that lacks it.",
        ),
        positive=Fix(
            name="ample_network",
            family="control",
            apply=partial(replace, hidden=(64,), activation="relu"),
            label="64 ReLU units",
            claim="A network known to be large enough.",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=log(1.05),
    sweep=_SWEEP,
    seeds=(10, 20),
    references=_REFERENCES,
)

SCENARIO = Scenario(
    name="underfitting",
    title="Underfitting",
    summary="The network is too small and too simple for the task: it does badly even"
    " on the examples it was trained on.",
    baseline=_SPIRALS,
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="dropout",
            family="control",
            apply=partial(replace, dropout=0.3),
            label="Dropout of 30 %",
            claim="It fights overfitting and takes capacity away from a network that"
            " lacks it.",
        ),
        positive=Fix(
            name="ample_network",
            family="control",
            apply=partial(replace, hidden=(64, 64), activation="relu", l2=0.0),
            label="Two layers of 64 ReLU units, no penalty",
            claim="A network known to be large enough.",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=log(1.05),
    sweep=_SWEEP,
    seeds=(10, 20),
    references=_REFERENCES,
    parts=(_DIGITS,),
)
