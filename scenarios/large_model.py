"""A trained network whose file is too large for where it must go."""

from dataclasses import replace
from functools import partial
from math import log

from .fixes.compression import pruned
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Deployment, Trial

# 64-128-128-10 are 26,122 parameters: 105 kB in float32, 27 kB in int8.
_DIGITS = Trial(
    Dataset(
        "digits", rows=1000, validation=297, test=500, transforms=(("min_max", 0),)
    ),
    hidden=(128, 128),
    lr=0.003,
    batch_size=32,
    epochs=20,
    deployment=Deployment(budget=32_000),
)

# 784-64-64-10 are 55,050 parameters: 220 kB in float32, 56 kB in int8.
_IMAGES = replace(
    _DIGITS,
    data=Dataset(
        "glyphs",
        rows=1400,
        validation=400,
        test=600,
        options=(("n_samples", 2400),),
    ),
    hidden=(64, 64),
    lr=0.001,
    epochs=16,
    deployment=Deployment(budget=64_000),
)

_CONTROLS = Controls(
    placebo=PLACEBO,
    wrong_mechanism=Fix(
        name="pruned_but_dense",
        family="control",
        apply=partial(pruned, sparsity=0.8, sparse=False),
        label="Magnitude pruning, stored with its zeros",
        claim="A zero in a dense matrix takes as many bytes as any other number.",
        strength="sparsity 0.8, fine-tuning for 10 epochs",
    ),
    positive=Fix(
        name="tiny_network",
        family="control",
        apply=partial(replace, hidden=(16, 16)),
        label="Layers of 16 units from the start",
        claim="A network with a quarter of the weights at most has to be smaller.",
        strength="layers of 16 units",
    ),
)


def _question(**declared):
    """What both questions share: symptom, controls, metric, seeds and papers."""
    return Scenario(
        symptom=Symptom(
            "large_model",
            "The file of the trained network is larger than its budget.",
            "The network is as good as it must be, and does not fit the device or the"
            " download that it is made for.",
        ),
        controls=_CONTROLS,
        metric=Metric("file_bytes", "file size", "bytes", "log", "lower", rows=None),
        delta=log(1.10),
        seeds=(4, 8),
        references=(
            "Han, Pool, Tran & Dally (2015), Learning both weights and connections for"
            " efficient neural networks, NIPS",
            "Han, Mao & Dally (2016), Deep compression, ICLR",
            "Li, Kadav, Durdanovic, Samet & Graf (2017), Pruning filters for efficient"
            " ConvNets, ICLR",
            "Denton, Zaremba, Bruna, LeCun & Fergus (2014), Exploiting linear structure"
            " within convolutional networks for efficient evaluation, NIPS",
            "Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural"
            " network, arXiv:1503.02531",
            "Jacob et al. (2018), Quantization and training of neural networks for"
            " efficient integer-arithmetic-only inference, CVPR",
        ),
        **declared,
    )


_PART = _question(
    name="large_model.images",
    title="A model that is too large: images",
    summary="Most weights of this network read the 784 pixels of an image, and most of"
    " these pixels resemble their neighbours.",
    baseline=_IMAGES,
)

SCENARIO = _question(
    name="large_model",
    title="A model that is too large",
    summary="The network is trained and answers well, but its file is larger than where"
    " it must go allows.",
    baseline=_DIGITS,
    parts=(_PART,),
)
