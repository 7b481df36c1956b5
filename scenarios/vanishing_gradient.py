"""A deep network of sigmoid units, whose first layers hardly get a gradient."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

SCENARIO = Scenario(
    name="vanishing_gradient",
    title="Vanishing gradient",
    summary="Each layer of sigmoid units passes back a fraction of the gradient, so"
    " that the first of many layers hardly learns.",
    baseline=Trial(
        Dataset(
            "shifted_digits",
            rows=2048,
            validation=512,
            test=1000,
            options=(("n_samples", 4000),),
            transforms=(("min_max", 0),),
        ),
        hidden=(32,) * 8,
        activation="sigmoid",
        optimizer="momentum",
        lr=0.03,
        hyper=(("momentum", 0.9),),
        batch_size=32,
        epochs=15,
    ),
    symptom=Symptom(
        "vanishing_gradient",
        "In the first 10 steps the gradient of the first layer (root mean square) is"
        " below 0.001 of the last layer's, or below 1e-7.",
        "The loss hardly moves, and the weights of the first layers hardly change.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="dropout",
            family="control",
            apply=partial(replace, dropout=0.2),
            label="Dropout of 20 %",
            claim="It fights overfitting; the gradient is as small.",
            strength="rate 0.2",
        ),
        positive=Fix(
            name="one_layer",
            family="control",
            apply=partial(replace, hidden=(32,), activation="tanh", lr=0.05),
            label="One hidden layer of tanh units, learning rate 0.05",
            claim="There are no layers on the way in which a gradient could vanish.",
            strength="1 hidden layer, tanh, learning rate 0.05",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    seeds=(5, 12),
    references=(
        "Hochreiter (1991), Untersuchungen zu dynamischen neuronalen Netzen, diploma"
        " thesis, Technische Universität München",
        "Bengio, Simard & Frasconi (1994), Learning long-term dependencies with"
        " gradient descent is difficult, IEEE Transactions on Neural Networks 5",
        "Glorot & Bengio (2010), Understanding the difficulty of training deep"
        " feedforward neural networks, AISTATS",
        "He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, ICCV",
    ),
)
