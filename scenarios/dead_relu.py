"""Inputs far from zero and long first steps switch units off for good."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_DATA = Dataset(
    "classification",
    rows=2048,
    validation=512,
    test=1000,
    options=(
        ("class_sep", 1.0),
        ("n_classes", 4),
        ("n_features", 20),
        ("n_informative", 8),
        ("n_redundant", 0),
        ("n_samples", 4000),
        ("shift", 5.0),
    ),
)


def _unshifted(trial):
    options = tuple(pair for pair in trial.data.options if pair[0] != "shift")
    return replace(trial, data=replace(trial.data, options=options), lr=0.005)


SCENARIO = Scenario(
    name="dead_relu",
    title="Dead ReLU",
    summary="All inputs lie far on one side of zero and the first steps are long: they"
    " push most units to where no row activates them, so that no gradient comes back.",
    baseline=Trial(
        _DATA,
        hidden=(32, 32, 32),
        lr=0.05,
        batch_size=32,
        epochs=10,
    ),
    symptom=Symptom(
        "dead_relu",
        "After the first 10 steps over 50 % of the units of some layer are active on"
        " less than 1 % of the rows.",
        "The loss stops falling early, and many hidden units put out zero for every"
        " row.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="train_longer",
            family="control",
            apply=partial(replace, epochs=20),
            label="Twice as many epochs",
            claim="A unit that no row activates gets no gradient, however long.",
            strength="2 times the epochs",
        ),
        positive=Fix(
            name="unshifted",
            family="control",
            apply=_unshifted,
            label="Inputs that were never shifted, learning rate 0.005",
            claim="It removes both causes.",
            strength="not shifted, learning rate 0.005",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    seeds=(7, 20),
    references=(
        "Nair & Hinton (2010), Rectified linear units improve restricted Boltzmann"
        " machines, ICML",
        "Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network"
        " acoustic models, ICML workshop on deep learning for audio, speech and"
        " language processing (leaky ReLU)",
        "Clevert, Unterthiner & Hochreiter (2016), Fast and accurate deep network"
        " learning by exponential linear units (ELUs), ICLR",
        "Lu, Shin, Su & Karniadakis (2020), Dying ReLU and initialization: theory and"
        " numerical examples, Communications in Computational Physics 28",
    ),
)
