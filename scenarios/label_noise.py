"""A part of overfitting: three labels in ten are wrong, and are memorised too."""

from dataclasses import replace
from math import log

from .data.augmentation import COPIES
from .doses import rates
from .memorising import BASELINE, SYMPTOM
from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario

_NOISY = replace(BASELINE, data=replace(BASELINE.data, label_noise=0.3))


def _clean_tenfold(trial):
    data = replace(trial.data, rows=10 * trial.data.rows, label_noise=0.0)
    return replace(trial, data=data, epochs=trial.epochs // 10)


def _copied(trial):
    return replace(trial.adding(augment=("jitter", 0.0)), epochs=trial.epochs // COPIES)


NOISY = Scenario(
    name="overfitting.label_noise",
    title="Overfitting to wrong labels",
    summary="Three labels in ten are wrong, in training and validation alike, and the"
    " network memorises them. Test labels are all right.",
    baseline=_NOISY,
    symptom=SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="copies",
            family="control",
            apply=_copied,
            label=f"{COPIES} copies of each row, as many steps",
            claim="Copies say nothing new of which labels are wrong.",
            strength=f"{COPIES} copies of each row, without jitter",
        ),
        positive=Fix(
            name="clean_tenfold",
            family="control",
            apply=_clean_tenfold,
            label="10 times the data, all labels right",
            claim="It removes both causes.",
            strength="10 times the rows, label noise 0",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    rates=rates(_NOISY.lr),
    seeds=(8, 12),
    references=(
        "Zhang, Bengio, Hardt, Recht & Vinyals (2017), Understanding deep learning"
        " requires rethinking generalization, ICLR",
        "Northcutt, Athalye & Mueller (2021), Pervasive label errors in test sets"
        " destabilize machine learning benchmarks, NeurIPS Datasets and Benchmarks",
    ),
)
