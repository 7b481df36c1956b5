"""A training step that needs more memory than it may have."""

from dataclasses import replace
from functools import partial
from math import log

from .memory_ledger import CHECKPOINTS, LEDGER
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, MemoryPlan, Trial, layer

_SYMPTOM = Symptom(
    "memory_pressure",
    "The peak reaches 90 % of the budget, or the run ends in MemoryError or is killed.",
    "Training ends with MemoryError, or the system kills it, as soon as the batch or"
    " the network grows.",
)
_REFERENCES = (
    "Griewank & Walther (2000), Algorithm 799: revolve, ACM TOMS 26",
    "Chen, Xu, Zhang & Guestrin (2016), Training deep nets with sublinear memory cost,"
    " arXiv:1604.06174",
    "Micikevicius et al. (2018), Mixed precision training, ICLR",
)
_METRIC = Metric("peak_bytes", "peak memory", "bytes", "log", "lower", rows=None)

# 16 layers of 96 outputs for 3,072 rows are 19 MB of float32 activations; parameters,
# gradients and Adam's two slots are 2 MB. Activations of half the size fit, an
# optimizer without slots does not.
_DEEP = Trial(
    Dataset(
        "classification",
        rows=3072,
        validation=64,
        test=2000,
        options=(("n_features", 64), ("n_informative", 16), ("n_samples", 5136)),
    ),
    hidden=(96,) * 16,
    batch_size=None,
    epochs=1,
    memory=MemoryPlan(budget=22_500_000),
)

# Two layers of 1,024 are 1.1 million parameters: 4.5 MB each for the parameters, their
# gradient and Adam's two slots, against 0.3 MB of activations.
_WIDE = replace(
    _DEEP,
    data=replace(_DEEP.data, rows=128),
    hidden=(1024, 1024),
    batch_size=32,
    epochs=4,
    memory=MemoryPlan(budget=20_000_000),
)

# 6,000 rows of 512 numbers are 12 MB; the network and a batch are below 1 MB.
_MANY_ROWS = Trial(
    Dataset(
        "teacher_student",
        rows=6000,
        validation=64,
        test=2000,
        options=(("n", 512), ("n_samples", 8064)),
    ),
    hidden=(32,),
    loss="mse",
    batch_size=64,
    epochs=1,
    memory=MemoryPlan(budget=10_000_000),
)

# 8 times a linear layer of 96, its normalisation and its activation, 3,072 rows: each
# leaves 1.2 MB, 28 MB in all; without a third of them the training fits.
_BLOCK = (
    layer("Dense", outputs=96),
    layer("LayerNorm"),
    layer("Activation", activation="relu"),
)
_SEPARATE = replace(
    _DEEP, hidden=(), layers=8 * _BLOCK, memory=MemoryPlan(budget=28_000_000)
)


def _fewer_rows(trial):
    return replace(trial, data=replace(trial.data, rows=trial.data.rows // 4))


def _small_pieces(trial):
    memory = replace(trial.memory, checkpoint=5)
    return replace(trial, batch_size=64, memory=memory)


def _question(seeds=(4, 5), **declared):
    """What the three questions share: symptom, metric, yardstick, seeds, papers."""
    return Scenario(
        symptom=_SYMPTOM,
        metric=_METRIC,
        delta=log(1.10),
        seeds=seeds,
        references=_REFERENCES,
        **declared,
    )


_OPTIMIZER_STATE = _question(
    name="memory_pressure.optimizer_state",
    title="Memory pressure from the optimizer",
    summary="Here the optimizer's own numbers, not the activations, fill the memory.",
    baseline=_WIDE,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="smaller_batch",
            family="control",
            apply=partial(replace, batch_size=16),
            label="Half the rows a step",
            claim="It shrinks activations, which are small here.",
            strength="16 rows a step",
        ),
        positive=Fix(
            name="narrow_network",
            family="control",
            apply=partial(replace, hidden=(256, 256)),
            label="Layers a quarter as wide",
            claim="A network with a fourteenth of the parameters has to need less.",
            strength="2 layers of 256",
        ),
    ),
)

_DATA = _question(
    name="memory_pressure.data",
    title="Memory pressure from the data",
    summary="Here the rows themselves, all loaded at once, fill the memory.",
    baseline=_MANY_ROWS,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="smaller_batch",
            family="control",
            apply=partial(replace, batch_size=32),
            label="Half the rows a step",
            claim="All rows are still loaded.",
            strength="32 rows a step",
        ),
        positive=Fix(
            name="fewer_rows",
            family="control",
            apply=_fewer_rows,
            label="A quarter of the rows",
            claim="Fewer rows have to need less, whatever else they cost.",
            strength="1,500 rows",
        ),
    ),
)

_SMALL_PIECES = Fix(
    name="small_pieces",
    family="control",
    apply=_small_pieces,
    label="Mini-batches of 64 with checkpointing",
    claim="64 of 3,072 rows at a time, recomputed, have to need less.",
    strength="64 rows a step, 5 layers a segment",
)
_FEWER_OPTIMIZER_BYTES = Fix(
    name="fewer_optimizer_bytes",
    family="control",
    apply=partial(replace, optimizer="momentum", lr=0.01, hyper=()),
    label="Momentum instead of Adam",
    claim="Fewer optimizer bytes cannot help where activations fill memory.",
    strength="momentum, learning rate 0.01",
)

_ACTIVATIONS = _question(
    name="memory_pressure.activations",
    title="Memory pressure from activations kept twice",
    summary="Here linear layer, normalisation and activation each keep their output,"
    " though backward needs two of the three.",
    baseline=_SEPARATE,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=_FEWER_OPTIMIZER_BYTES,
        positive=_SMALL_PIECES,
    ),
)

SCENARIO = _question(
    name="memory_pressure",
    title="Memory pressure",
    summary="All rows go through a deep network at once, and the values kept for the"
    " backward pass do not fit in the memory there is.",
    baseline=_DEEP,
    seeds=(3, 5),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=_FEWER_OPTIMIZER_BYTES,
        positive=_SMALL_PIECES,
    ),
    parts=(_ACTIVATIONS, _OPTIMIZER_STATE, _DATA),
    sweep=(*LEDGER, *CHECKPOINTS),
)
