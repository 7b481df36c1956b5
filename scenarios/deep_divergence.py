"""A part of divergence: a deep network at the learning rate of many tutorials."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_DEEP = Trial(
    Dataset(
        "friedman1",
        rows=512,
        validation=256,
        test=1000,
        options=(("n_samples", 1768),),
        transforms=(("standardise", 0),),
    ),
    hidden=(64,) * 8,
    loss="mse",
    optimizer="momentum",
    lr=0.01,
    hyper=(("momentum", 0.9),),
    batch_size=32,
    epochs=20,
)

DEEP = Scenario(
    name="divergence.deep",
    title="Divergence of a deep network",
    summary="Eight layers, targets as they come, and momentum at 0.01, a rate that"
    " suits many networks: after a few steps the loss is no longer a number.",
    baseline=_DEEP,
    symptom=Symptom(
        "divergence",
        "The loss is NaN, infinite or over 10 times its first value.",
        "The loss falls or wobbles for some steps, then jumps and turns to NaN.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="train_longer",
            family="control",
            apply=partial(replace, epochs=40),
            label="Twice as many epochs",
            claim="What has left the numbers does not come back.",
            strength="2 times the epochs",
        ),
        positive=Fix(
            name="shallow",
            family="control",
            apply=partial(replace, hidden=(64, 64), lr=0.001),
            label="Two layers, learning rate 0.001",
            claim="A shallow network with short steps has to converge.",
            strength="2 layers, learning rate 0.001",
        ),
    ),
    metric=Metric("test_loss", "test loss", "squared error", "log", "lower"),
    delta=-log(0.95),
    seeds=(12, 20),  # of twelve pairs one may miss
    references=(
        "Friedman (1991), Multivariate adaptive regression splines, Annals of"
        " Statistics 19 (the data)",
        "Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent"
        " neural networks, ICML (clipping)",
        "Goyal et al. (2017), Accurate, large minibatch SGD, arXiv:1706.02677"
        " (warm-up)",
    ),
)
