"""Two parts of slow training: what a step costs, by its arithmetic and by its data."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_METRIC = Metric("seconds_per_step", "time of a step", "s", "log", "lower", rows=None)
_STEP = Trial(
    Dataset("digits", rows=512, validation=128, test=128, transforms=(("min_max", 0),)),
    hidden=(32,),
    optimizer="sgd",
    lr=0.1,
    batch_size=32,
    epochs=1,
)

_CONTROLS = Controls(
    placebo=PLACEBO,
    wrong_mechanism=Fix(
        name="smaller_learning_rate",
        family="control",
        apply=partial(replace, lr=0.01),
        label="A learning rate ten times smaller",
        claim="It changes where a step goes, not what it costs.",
        strength="learning rate 0.01",
    ),
    positive=Fix(
        name="smaller_batch",
        family="control",
        apply=partial(replace, batch_size=4),
        label="4 rows a step instead of 32",
        claim="An eighth of the rows has to be faster.",
        strength="4 rows a step",
    ),
)


def _question(engine, reference, label, **declared):
    """What both share: the step, the metric, its controls and its reference."""
    return Scenario(
        baseline=replace(_STEP, engine=engine),
        symptom=Symptom(
            "slow_training",
            "A step takes at least 3 times as long as the fastest way to compute it.",
            "The processor is busy, or waits for data, and yet few steps are made a"
            " second.",
        ),
        controls=_CONTROLS,
        metric=_METRIC,
        delta=log(1.10),
        seeds=(4, 8),
        sweep=(
            Fix(
                name="tuned_reference",
                family="implementation",
                apply=partial(replace, engine=reference),
                label=label,
                claim="The reference: the same step without the detour.",
                strength=reference,
            ),
        ),
        **declared,
    )


SECONDS = _question(
    "python",
    "numba",
    "Compiled by Numba, one thread",
    name="slow_training.seconds",
    title="Slow training: the cost of a step",
    summary="The same training step takes longer or shorter depending on what runs it.",
    references=(
        "Harris et al. (2020), Array programming with NumPy, Nature 585",
        "Lam, Pitrou & Seibert (2015), Numba: a LLVM-based Python JIT compiler,"
        " LLVM-HPC",
    ),
)

LOADING = _question(
    "csv",
    "numpy",
    "NumPy on rows that are in memory",
    name="slow_training.loading",
    title="Slow training: waiting for data",
    summary="Each step parses its rows from a text file, which takes longer than the"
    " arithmetic of the step.",
    references=(
        "Mohan, Phanishayee, Raniwala & Chidambaram (2021), Analyzing and mitigating"
        " data stalls in DNN training, VLDB 14",
        "Murray, Simsa, Klimovic & Indyk (2021), tf.data: a machine learning data"
        " processing framework, VLDB 14",
    ),
)
