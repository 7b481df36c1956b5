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


def _beside(name, label, strength, **changes):
    """A trial that is timed too and judged by nobody."""
    claim = "What it takes is shown beside the verdicts."
    apply = partial(replace, **changes)
    return Fix(name, "implementation", apply, label, claim, strength=strength)


_LARGE = {"hidden": (512,), "batch_size": 512}
_SIZE = "512 rows a step, 512 units"
_SMALL_STEP, _LARGE_STEP = "32 rows, 32 units", "512 rows, 512 units"
# What the pictures of threads and the table of precisions need besides the fixes.
_TIMED_TOO = (
    _beside(
        "small_float64",
        _SMALL_STEP,
        "Numba, float64",
        engine="numba",
        precision="float64",
    ),
    _beside("large_float32", _LARGE_STEP, f"Numba, {_SIZE}", engine="numba", **_LARGE),
    _beside(
        "large_float64",
        _LARGE_STEP,
        f"Numba, float64, {_SIZE}",
        engine="numba",
        precision="float64",
        **_LARGE,
    ),
    _beside(
        "large_float16",
        _LARGE_STEP,
        f"Numba, float16 storage, {_SIZE}",
        engine="numba_float16",
        **_LARGE,
    ),
    _beside(
        "large_parallel",
        _LARGE_STEP,
        f"Numba, parallel, {_SIZE}",
        engine="numba_parallel",
        **_LARGE,
    ),
)


def _question(engine, reference, label, seeds=(4, 8), sweep=(), **declared):
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
        seeds=seeds,
        sweep=(
            Fix(
                name="tuned_reference",
                family="implementation",
                apply=partial(replace, engine=reference),
                label=label,
                claim="The reference: the same step without the detour.",
                strength=reference,
            ),
            *sweep,
        ),
        **declared,
    )


SECONDS = _question(
    "python",
    "numba",
    "Compiled by Numba, one thread",
    # More fixes are compared, which asks for more seeds.
    seeds=(5, 8),
    sweep=_TIMED_TOO,
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
