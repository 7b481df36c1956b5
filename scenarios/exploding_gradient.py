"""A deep network whose weights start too large: the gradient grows on its way back."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

SCENARIO = Scenario(
    name="exploding_gradient",
    title="Exploding gradient",
    summary="The weights start so large that each layer multiplies the gradient it"
    " passes back: that of the first layer is many times that of the last.",
    baseline=Trial(
        Dataset(
            "shifted_digits",
            rows=2048,
            validation=512,
            test=1000,
            options=(("n_samples", 4000),),
            transforms=(("min_max", 0),),
        ),
        hidden=(32,) * 12,
        activation="tanh",
        lr=0.003,
        batch_size=32,
        epochs=10,
        initialiser="unit_normal",
    ),
    symptom=Symptom(
        "exploding_gradient",
        "In the first 10 steps the gradient of the first layer (root mean square) is"
        " over 70 times that of the last.",
        "The gradient norm is huge or leaps, and the loss jumps instead of falling.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="dropout",
            family="control",
            apply=partial(replace, dropout=0.2),
            label="Dropout of 20 %",
            claim="It fights overfitting; the weights are as large.",
            strength="rate 0.2",
        ),
        positive=Fix(
            name="one_layer",
            family="control",
            apply=partial(replace, hidden=(32,), initialiser="glorot_uniform"),
            label="One hidden layer that starts as Glorot proposes",
            claim="There are no layers on the way in which a gradient could grow.",
            strength="1 hidden layer, Glorot uniform",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    seeds=(5, 12),
    references=(
        "Bengio, Simard & Frasconi (1994), Learning long-term dependencies with"
        " gradient descent is difficult, IEEE Transactions on Neural Networks 5",
        "Glorot & Bengio (2010), Understanding the difficulty of training deep"
        " feedforward neural networks, AISTATS",
        "Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent"
        " neural networks, ICML (clipping)",
        "Ba, Kiros & Hinton (2016), Layer normalization, arXiv:1607.06450",
    ),
)
