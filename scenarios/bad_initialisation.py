"""Weights that start too small, or all alike: nothing passes through the layers."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_SYMPTOM = Symptom(
    "vanishing_gradient",
    "In the first 10 steps the gradient of the first layer (root mean square) is below"
    " 0.001 of the last layer's, or below 1e-7.",
    "The loss stays at the value of a guess from the first epoch on, as if nothing"
    " were trained.",
)
_CONTROLS = Controls(
    placebo=PLACEBO,
    wrong_mechanism=Fix(
        name="l2",
        family="control",
        apply=partial(replace, l2=0.001),
        label="L2 penalty (weight decay)",
        claim="It fights overfitting by making weights small, which they are.",
        strength="penalty 0.001",
    ),
    positive=Fix(
        name="one_layer",
        family="control",
        apply=partial(replace, hidden=(32,), initialiser="he_uniform"),
        label="One hidden layer that starts as He proposes",
        claim="Through one layer of fitting weights everything passes.",
        strength="1 hidden layer, He uniform",
    ),
)
_METRIC = Metric("test_loss", "test loss", "nats", "log", "lower")
_REFERENCES = (
    "LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, Neural Networks: Tricks of"
    " the Trade",
    "Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward"
    " neural networks, AISTATS",
    "Saxe, McClelland & Ganguli (2014), Exact solutions to the nonlinear dynamics of"
    " learning in deep linear neural networks, ICLR (orthogonal start)",
    "He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, ICCV",
    "Mishkin & Matas (2016), All you need is a good init, ICLR",
)

_SMALL = Trial(
    Dataset(
        "shifted_digits",
        rows=2048,
        validation=512,
        test=1000,
        options=(("n_samples", 4000),),
        transforms=(("min_max", 0),),
    ),
    hidden=(32,) * 5,
    activation="tanh",
    optimizer="momentum",
    lr=0.03,
    hyper=(("momentum", 0.9),),
    batch_size=32,
    epochs=10,
    initialiser="small_normal",
)

_ALIKE = Scenario(
    name="bad_initialisation.zeros",
    title="All weights zero at the start",
    summary="All weights start as zero. Every unit of a layer then is the same, and no"
    " gradient tells them apart.",
    baseline=replace(_SMALL, initialiser="zeros"),
    symptom=_SYMPTOM,
    controls=_CONTROLS,
    metric=_METRIC,
    delta=-log(0.95),
    seeds=(6, 12),
    references=_REFERENCES,
)

SCENARIO = Scenario(
    name="bad_initialisation",
    title="Bad initialisation",
    summary="The weights of a deep network start with a standard deviation of 0.01"
    " whatever the layer's size: what passes forward and back is all but zero.",
    baseline=_SMALL,
    symptom=_SYMPTOM,
    controls=_CONTROLS,
    metric=_METRIC,
    delta=-log(0.95),
    seeds=(5, 12),
    references=_REFERENCES,
    parts=(_ALIKE,),
)
