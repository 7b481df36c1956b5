"""A wide network learns few, partly wrong labels by heart."""

from dataclasses import replace
from functools import partial
from math import log

from .placebo import PLACEBO
from .scenario import Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

# Ten times 160 rows still leave 197 disjoint rows. The part that is tested stays small
# against the training part because Nadeau and Bengio's correction grows with the ratio.
_DATA = Dataset(
    "digits",
    rows=160,
    validation=128,
    test=64,
    label_noise=0.5,
    transforms=(("min_max", 0),),
)


def _clean_tenfold(trial):
    data = replace(trial.data, rows=10 * trial.data.rows, label_noise=0.0)
    return replace(trial, data=data, epochs=trial.epochs // 10)


SCENARIO = Scenario(
    name="overfitting",
    title="Overfitting",
    summary="The network knows its training examples by heart, wrong labels included,"
    " and does badly on new ones, whose labels are all right.",
    baseline=Trial(_DATA, hidden=(256,), lr=0.01, batch_size=32, epochs=60),
    symptom=Symptom(
        "overfitting",
        "The validation loss is over 10 % above the training loss, and either it has"
        " risen over 5 % from its lowest value or accuracy is 5 points lower than in"
        " training.",
    ),
    controls=Controls(
        placebo=PLACEBO,
        wrong_mechanism=Fix(
            name="train_longer",
            family="control",
            apply=partial(replace, epochs=120),
            label="Twice as many epochs",
            claim="More time to learn the training set by heart cannot help.",
        ),
        positive=Fix(
            name="clean_tenfold",
            family="control",
            apply=_clean_tenfold,
            label="Ten times the data, all labels right",
            claim="It removes the cause; in practice nobody has this choice.",
        ),
    ),
    metric=Metric("test_loss", "test loss", "nats", "log", "lower"),
    delta=log(1.05),
    seeds=(12, 20),
    references=(
        "Zhang, Bengio, Hardt, Recht & Vinyals (2017), Understanding deep learning"
        " requires rethinking generalization, ICLR",
        "Prechelt (1998), Early stopping - but when?, Neural Networks: Tricks of the"
        " Trade",
        "Krogh & Hertz (1991), A simple weight decay can improve generalization, NIPS",
        "Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout,"
        " JMLR 15",
        "Bishop (1995), Training with noise is equivalent to Tikhonov regularization,"
        " Neural Computation 7",
        "Nadeau & Bengio (2003), Inference for the generalization error, Machine"
        " Learning 52",
    ),
)
