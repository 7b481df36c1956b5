"""A network too small for what it must learn, trained until it learns no more."""

from dataclasses import replace
from functools import partial
from math import log

from .doses import rates
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_SYMPTOM = Symptom(
    "underfitting",
    "The training loss is over 10 % above the best of wider networks, training and"
    " validation accuracy lie within 2 points, and doubling the width helps.",
    "Training and validation loss stop together, both too high, and more epochs"
    " change nothing.",
)
_REFERENCES = (
    "Cybenko (1989), Approximation by superpositions of a sigmoidal function,"
    " Mathematics of Control, Signals and Systems 2",
    "Geman, Bienenstock & Doursat (1992), Neural networks and the bias/variance"
    " dilemma, Neural Computation 4",
    "Stanford CS231n, Putting it together: minimal neural network case study (spirals)",
)


def _wider(trial, times):
    return replace(trial, hidden=tuple(times * width for width in trial.widths))


def _width(times):
    return Fix(
        name=f"wider_x{times}",
        family="capacity",
        apply=partial(_wider, times=times),
        label=f"Hidden layers {times} times as wide",
        claim="A wider network can draw more boundaries.",
        strength=f"{times} times as many units",
    )


_SWEEP = (_width(2), _width(4))

# Near its plateau: four times as many epochs lower the loss little on most seeds.
_SPIRALS = Trial(
    Dataset(
        "spirals",
        rows=3600,
        validation=4000,
        test=4000,
        options=(("n_samples", 22500),),
    ),
    hidden=(3,),
    activation="softplus",
    lr=0.1,
    schedule="cosine",
    l2=5e-4,
    batch_size=32,
    epochs=28,
)


def _more_data(trial, times):
    data = replace(trial.data, rows=times * trial.data.rows)
    return replace(trial, data=data, epochs=trial.epochs // times)


def _more_data_control(times):
    return Fix(
        name=f"more_data_x{times}",
        family="control",
        apply=partial(_more_data, times=times),
        label=f"{times} times the data, as many steps",
        claim="It fights overfitting; a network that is too small cannot use it.",
        strength=f"{times} times the rows",
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
            rows=12000,
            validation=4000,
            test=2000,
            options=(("n_samples", 30000),),
            transforms=(("min_max", 0),),
        ),
        hidden=(2,),
        activation="tanh",
        lr=0.03,
        schedule="cosine",
        batch_size=32,
        epochs=6,
    ),
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=_more_data_control(2),
        positive=Fix(
            name="ample_network",
            family="control",
            apply=partial(replace, hidden=(64,), activation="relu", lr=0.003),
            label="64 ReLU units, learning rate 0.003",
            claim="A network known to be large enough, at a rate known to suit it.",
            strength="64 units, ReLU, learning rate 0.003",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    sweep=_SWEEP,
    rates=rates(0.03),
    seeds=(8, 12),
    references=_REFERENCES,
)

SCENARIO = Scenario(
    name="underfitting",
    title="Underfitting",
    summary="The network is too small for the task: trained to its plateau, it still"
    " does badly on the examples it was trained on.",
    baseline=_SPIRALS,
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=_more_data_control(4),
        positive=Fix(
            name="ample_network",
            family="control",
            apply=partial(replace, hidden=(64, 64), activation="relu", l2=0.0, lr=0.01),
            label="Two layers of 64 ReLU units, no penalty, learning rate 0.01",
            claim="A network known to be large enough, at a rate known to suit it.",
            strength="2 layers of 64 units, ReLU, penalty 0, learning rate 0.01",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    sweep=_SWEEP,
    rates=rates(_SPIRALS.lr),
    seeds=(5, 12),
    references=_REFERENCES,
    parts=(_DIGITS,),
)
