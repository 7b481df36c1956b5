"""Inputs of use are unlike those of training, while the rule stays the same."""

from dataclasses import replace
from functools import partial

from .doses import Doses
from .placebo import PLACEBO, train_longer
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_LOOK = (
    "Held-out training rows are predicted well and rows of use are not; a classifier"
    " can tell which of the two an input is."
)


def _rates(rate):
    """Rates that learn: from a third of one to thirty times, two a decade.

    Where what is learnt is wrong on new rows, one that learns nothing would look best.
    """
    values = tuple(float(f"{rate * 10 ** (k / 2):.2g}") for k in range(-1, 4))
    return Doses("learning rate", values, rate, least=values[0])


def _new(trial, rows, epochs):
    """Training rows of the new distribution alone."""
    fewer = replace(trial, data=replace(trial.data, rows=rows), epochs=epochs)
    return fewer.adding(selection=("new_rows", rows))


def _question(baseline, rows, **declared):
    """What the questions share: the rule, its reference, the yardstick, controls.

    rows: those of the new distribution that the positive control is given.
    """
    epochs = round(baseline.epochs * baseline.data.rows / rows)
    return Scenario(
        baseline=baseline,
        symptom=Symptom(
            "covariate_shift",
            "A classifier tells validation inputs from training inputs by an AUC above"
            " 0.70, and validation accuracy is over 5 points below that of the same"
            " network trained on as many rows of the new distribution.",
            _LOOK,
        ),
        controls=Controls(
            placebo=PLACEBO,
            wrong_mechanism=train_longer(
                baseline, "More passes over the same rows tell nothing of the others."
            ),
            positive=Fix(
                name="all_new",
                family="control",
                apply=partial(_new, rows=rows, epochs=epochs),
                label="More training rows, all of the new distribution",
                claim="It removes the cause.",
                strength=f"{rows:,} rows, all {rows} new, {epochs} epochs",
            ),
        ),
        metric=Metric("test_metric", "test accuracy", "share", "linear", "higher"),
        delta=0.01,
        rates=_rates(baseline.lr),
        sweep=(
            Fix(
                name="new_rows",
                family="more data",
                apply=partial(_new, rows=baseline.data.rows, epochs=baseline.epochs),
                label="The reference",
                claim="As many training rows, all of the new distribution.",
                strength=f"{baseline.data.rows} new rows",
            ),
        ),
        references=(
            "Shimodaira (2000), Improving predictive inference under covariate shift by"
            " weighting the log-likelihood function, Journal of Statistical Planning"
            " and Inference 90",
            "Zadrozny (2004), Learning and evaluating classifiers under sample"
            " selection bias, ICML",
            "Bickel, Brückner & Scheffer (2007), Discriminative learning for differing"
            " training and test distributions, ICML",
            "Lopez-Paz & Oquab (2017), Revisiting classifier two-sample tests, ICLR",
            "Byrd & Lipton (2019), What is the effect of importance weighting in deep"
            " learning?, ICML",
        ),
        **declared,
    )


def _bent(shift, curve, **network):
    """Rows from the left of a parabola to train on, from its right to be judged by."""
    data = Dataset(
        "bent",
        rows=400,
        validation=400,
        test=2000,
        options=(("curve", curve), ("n_samples", 16000)),
        selection=(("shift", shift),),
    )
    return Trial(data, lr=0.01, epochs=32, **network)


_NETWORK = _question(
    _bent(2.0, 0.4, hidden=(16,)),
    800,
    name="covariate_shift.network",
    title="Covariate shift of a network that could hold the rule",
    summary="Training rows lie on one side and rows of use on the other. The network"
    " has units enough for the whole rule, but saw hardly a row of the other side.",
    seeds=(12, 16),
)

_DIGITS = _question(
    Trial(
        Dataset(
            "digits",
            rows=700,
            validation=250,
            test=250,
            transforms=(("standardise", 0),),
            selection=(("shift", 2.5),),
        ),
        hidden=(64,),
        lr=0.01,
        epochs=32,
    ),
    1000,
    name="covariate_shift.digits",
    title="Covariate shift of real images",
    summary="Handwritten digits whose first principal component is small are trained"
    " on, and those where it is large are to be read. There are no more of the former:"
    " what more data of the same kind would do cannot be shown here.",
    seeds=(14, 16),
)

SCENARIO = _question(
    _bent(1.0, 0.2, hidden=()),
    800,
    name="covariate_shift",
    title="Covariate shift",
    summary="Training rows come from one side of the inputs and rows of use from the"
    " other, where the same rule holds. The model is linear and the rule is not: what"
    " fits best on one side is wrong on the other.",
    seeds=(6, 16),
    parts=(_NETWORK, _DIGITS),
)
