"""A wide network memorises few examples, whose labels are all right."""

from dataclasses import replace
from math import log

from .doses import rates
from .label_noise import NOISY
from .memorising import BASELINE, SYMPTOM
from .placebo import PLACEBO, train_longer
from .scenario import Controls, Fix, Metric, Scenario


def _twentyfold(trial):
    data = replace(trial.data, rows=20 * trial.data.rows)
    return replace(trial, data=data, epochs=trial.epochs // 20)


SCENARIO = Scenario(
    name="overfitting",
    title="Overfitting",
    summary="The network memorises its few training examples and does much worse on new"
    " ones.",
    baseline=BASELINE,
    symptom=SYMPTOM,
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=train_longer(
            BASELINE, "More time to memorise the training set cannot help."
        ),
        positive=Fix(
            name="twentyfold",
            family="control",
            apply=_twentyfold,
            label="20 times the data, as many steps",
            claim="It removes the cause, the lack of examples.",
            strength="20 times the rows",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=-log(0.95),
    rates=rates(BASELINE.lr),
    seeds=(6, 20),
    references=(
        "Prechelt (1998), Early stopping - but when?, Neural Networks: Tricks of the"
        " Trade",
        "Krogh & Hertz (1991), A simple weight decay can improve generalization, NIPS",
        "Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout,"
        " JMLR 15",
        "Bishop (1995), Training with noise is equivalent to Tikhonov regularization,"
        " Neural Computation 7",
    ),
    parts=(NOISY,),
)
