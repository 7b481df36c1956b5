"""Dense layers on images: they do not know which pixels are neighbours."""

from dataclasses import replace
from functools import partial
from math import log

from .memorising import SYMPTOM
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario
from .trial import Dataset, Trial, layer

_CONVOLUTIONS = (
    layer("Conv2D", outputs=16, kernel=3, padding="same", activation="relu"),
    layer("MaxPool2D", size=2),
    layer("Conv2D", outputs=32, kernel=3, padding="same", activation="relu"),
    layer("MaxPool2D", size=2),
    layer("Flatten"),
)
_METRIC = Metric("test_loss", "test loss", "nats", "log", "lower")
_REFERENCES = (
    "Fukushima (1980), Neocognitron, Biological Cybernetics 36",
    "LeCun, Boser, Denker, Henderson, Howard, Hubbard & Jackel (1989), Backpropagation"
    " applied to handwritten zip code recognition, Neural Computation 1",
    "LeCun, Bottou, Bengio & Haffner (1998), Gradient-based learning applied to"
    " document recognition, Proceedings of the IEEE 86",
    "Simard, Steinkraus & Platt (2003), Best practices for convolutional neural"
    " networks applied to visual document analysis, ICDAR",
)


def convolutional(trial):
    """Two convolutions of 3 x 3, each with pooling, in the place of dense layers."""
    return replace(trial, hidden=(), shape=(8, 8, 1), layers=_CONVOLUTIONS)


def _ten_times(trial):
    data = replace(trial.data, rows=10 * trial.data.rows)
    return replace(trial, data=data, epochs=trial.epochs // 10)


def _in_place(trial):
    data = replace(trial.data, transforms=(("min_max", 0),))
    return convolutional(replace(trial, data=data))


_BASELINE = Trial(
    Dataset(
        "shifted_digits",
        rows=512,
        validation=512,
        test=1000,
        options=(("n_samples", 7000),),
        transforms=(("min_max", 0),),
    ),
    hidden=(64, 64),
    lr=0.003,
    batch_size=32,
    epochs=30,
)

_PERMUTED = Scenario(
    name="wrong_architecture.permuted",
    title="The same images with their pixels in another order",
    summary="All images have their pixels in one other order. A dense network learns as"
    " well as before; a convolution looks for neighbours that are none.",
    baseline=replace(
        _BASELINE,
        data=replace(
            _BASELINE.data, transforms=(*_BASELINE.data.transforms, ("permuted", 1))
        ),
    ),
    symptom=SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="convolutions",
            family="control",
            apply=convolutional,
            label="Two convolutions with pooling",
            claim="Neighbours on the grid are not neighbours in the image.",
            strength="convolutions of 16 and 32 channels, 3 x 3, on 8 x 8 pixels",
        ),
        positive=Fix(
            name="pixels_in_place",
            family="control",
            apply=_in_place,
            label="Two convolutions, the pixels in their places",
            claim="The same layers, where neighbours are neighbours.",
            strength="convolutions of 16 and 32 channels, 3 x 3, on 8 x 8 pixels, not"
            " permuted",
        ),
    ),
    metric=_METRIC,
    delta=-log(0.95),
    seeds=(6, 12),
    references=_REFERENCES,
)

SCENARIO = Scenario(
    name="wrong_architecture",
    title="Wrong architecture",
    summary="A dense network has to learn every pixel on its own: what it learnt of a"
    " digit is lost where the digit is moved by a pixel.",
    baseline=_BASELINE,
    symptom=SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="train_longer",
            family="control",
            apply=partial(replace, epochs=60),
            label="Twice as many epochs",
            claim="More passes do not tell which pixels are neighbours.",
            strength="2 times the epochs",
        ),
        positive=Fix(
            name="tenfold",
            family="control",
            apply=_ten_times,
            label="10 times the data, as many steps",
            claim="It shows the network each digit in more places.",
            strength="10 times the rows",
        ),
    ),
    metric=_METRIC,
    delta=-log(0.95),
    seeds=(6, 12),
    references=_REFERENCES,
    parts=(_PERMUTED,),
)
