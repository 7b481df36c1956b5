"""The sum of two marked values of a long sequence, one of them far back."""

from dataclasses import replace
from functools import partial
from math import log

from .fixes.memory_cells import FIXES
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial, layer

LENGTH, ROWS = 30, 600
OTHER_LENGTHS = (10, 60)  # on which the architectures are compared too


def of_length(trial, length):
    """The same trial on sequences of another length."""
    options = (("length", length), ("n_samples", ROWS + 1250))
    data = replace(trial.data, options=options)
    return replace(trial, data=data, shape=(length, 2))


def _short_and_gated(trial):
    return replace(of_length(trial, 10), layers=(layer("GRU", units=12),))


def _easy(trial):
    return replace(of_length(trial, 4), layers=(layer("Elman", units=24),))


def _at(length, fix):
    """What a fix makes of the baseline, on sequences of another length."""
    return Fix(
        f"{fix.name}_{length}",
        "control",
        lambda trial: of_length(fix.treated(trial), length),
        f"{fix.label} on {length} steps",
        "How far back it reaches shows over the length of the sequences.",
        strength=", ".join(filter(None, (f"{length} steps", fix.strength))),
    )


_PLAIN = Fix("elman", "control", replace, "Elman", "It is the baseline.")
_COMPARED = (_PLAIN, *(fix for fix in FIXES if fix.family == "architecture"))


SCENARIO = Scenario(
    name="long_memory",
    title="Long memory",
    summary="A plain recurrent network must add two marked values of a sequence of 30"
    " steps: what it has to keep fades, or is drowned, before it is needed.",
    baseline=Trial(
        Dataset(
            "adding",
            rows=ROWS,
            validation=250,
            test=1000,
            options=(("length", LENGTH), ("n_samples", ROWS + 1250)),
        ),
        hidden=(),
        shape=(LENGTH, 2),
        layers=(layer("Elman", units=12),),
        loss="mse",
        lr=0.01,
        batch_size=16,
        epochs=20,
        target=0.05,
    ),
    symptom=Symptom(
        "slow_training",
        "Reaching a validation loss of 0.05 takes at least 3 times the passes of 24"
        " units on sequences of 4 steps, or the loss falls by less than 0.1 % in 10"
        " passes while above it.",
        "The loss stays at the value of a guess on long sequences, while short ones"
        " are learnt.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="l2",
            family="control",
            apply=partial(replace, l2=0.001),
            label="L2 penalty (weight decay)",
            claim="It fights overfitting, and keeps nothing in memory.",
            strength="penalty 0.001",
        ),
        positive=Fix(
            name="short_and_gated",
            family="control",
            apply=_short_and_gated,
            label="A GRU on sequences of 10 steps",
            claim="There is less to bridge, and gates that can.",
            strength="GRU, 10 steps",
        ),
    ),
    metric=Metric("test_loss", "test loss", "squared error", "log", "lower"),
    delta=-log(0.95),
    seeds=(5, 12),
    sweep=(
        Fix(
            name="tuned_reference",
            family="control",
            apply=_easy,
            label="24 units on sequences of 4 steps",
            claim="There is hardly anything to keep, and room enough.",
            strength="4 steps, Elman with 24 units",
        ),
        *(_at(length, fix) for fix in _COMPARED for length in OTHER_LENGTHS),
    ),
    references=(
        "Elman (1990), Finding structure in time, Cognitive Science 14",
        "Hochreiter (1991), Untersuchungen zu dynamischen neuronalen Netzen, diploma"
        " thesis, Technische Universität München",
        "Bengio, Simard & Frasconi (1994), Learning long-term dependencies with"
        " gradient descent is difficult, IEEE Transactions on Neural Networks 5",
        "Hochreiter & Schmidhuber (1997), Long short-term memory, Neural Computation 9"
        " (the adding problem)",
        "Le, Jaitly & Hinton (2015), A simple way to initialize recurrent networks of"
        " rectified linear units, arXiv:1504.00941",
    ),
)
