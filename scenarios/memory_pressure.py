"""A training step that needs more memory than it may have."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, MemoryPlan, Trial

_SYMPTOM = Symptom(
    "memory_pressure",
    "The peak reaches 90 % of the budget, or the run ends with MemoryError or is killed.",
)
_METRIC = Metric("peak_bytes", "peak memory", "bytes", "log", "lower")
_ROWS = 4096

# 24 layers of 128 outputs for 4,096 rows are 50 MB of float32 activations; parameters,
# gradients and Adam's two slots are 6 MB. Halved activations fit, half an optimizer
# does not help.
_DEEP = Trial(
    Dataset(
        "classification",
        rows=_ROWS,
        validation=64,
        test=64,
        options=(("n_features", 64), ("n_informative", 16), ("n_samples", _ROWS + 128)),
    ),
    hidden=(128,) * 24,
    batch_size=None,
    epochs=2,
    memory=MemoryPlan(budget=44_000_000),
)

# Two layers of 1,024 make 1.1 million parameters: 4.5 MB each for parameters, gradient
# and Adam's two slots, 18 MB in all, against 0.5 MB of activations.
_WIDE = replace(
    _DEEP,
    data=replace(_DEEP.data, rows=256, options=(*_DEEP.data.options[:2], ("n_samples", 384))),
    hidden=(1024, 1024),
    batch_size=32,
    epochs=1,
    memory=MemoryPlan(budget=15_000_000),
)


def _small_pieces(trial):
    memory = replace(trial.memory, checkpoint=5)
    return replace(trial, batch_size=64, memory=memory)


_OPTIMIZER_STATE = Scenario(
    name="memory_pressure.optimizer_state",
    title="Memory pressure from the optimizer",
    summary="Here the optimizer's own numbers, not the activations, fill the memory.",
    baseline=_WIDE,
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="smaller_batch",
            family="control",
            apply=partial(replace, batch_size=16),
            label="Half the rows a step",
            claim="It shrinks activations, which are small here.",
        ),
        positive=Fix(
            name="narrow_network",
            family="control",
            apply=partial(replace, hidden=(256, 256)),
            label="Layers a quarter as wide",
            claim="A network with a fourteenth of the parameters has to need less.",
        ),
    ),
    metric=_METRIC,
    delta=log(1.10),
    seeds=(3, 5),
    references=("Shazeer & Stern (2018), Adafactor, ICML",),
)

SCENARIO = Scenario(
    name="memory_pressure",
    title="Memory pressure",
    summary="All rows go through a deep network at once, and the values kept for the"
    " backward pass do not fit in the memory there is.",
    baseline=_DEEP,
    symptom=_SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="no_optimizer_state",
            family="control",
            apply=partial(replace, optimizer="gradient_descent", lr=0.01),
            label="An optimizer that keeps nothing",
            claim="Fewer optimizer bytes cannot help where activations fill the memory.",
        ),
        positive=Fix(
            name="small_pieces",
            family="control",
            apply=_small_pieces,
            label="Mini-batches of 64 with checkpointing",
            claim="A sixty-fourth of the rows, recomputed, has to need less.",
        ),
    ),
    metric=_METRIC,
    delta=log(1.10),
    seeds=(3, 5),
    references=(
        "Griewank & Walther (2000), Algorithm 799: revolve, ACM TOMS 26",
        "Chen, Xu, Zhang & Guestrin (2016), Training deep nets with sublinear memory"
        " cost, arXiv:1604.06174",
        "Micikevicius et al. (2018), Mixed precision training, ICLR",
    ),
    parts=(_OPTIMIZER_STATE,),
)
