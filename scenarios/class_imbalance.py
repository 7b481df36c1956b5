"""One class is so rare that a network which hardly ever names it is right mostly."""

from dataclasses import replace
from functools import partial

from .doses import Doses
from .placebo import PLACEBO
from .scenario import BALANCED_ACCURACY, Controls, Fix, Metric, Scenario, Symptom
from .trial import Dataset, Trial

_LOOK = (
    "Accuracy is near the share of the frequent class from the first epochs on, and the"
    " rare class is hardly ever named."
)


def _balanced(trial):
    return trial.adding(selection=("minority_seen", 0.5))


def _even(trial):
    """Few rows, as many of each class, seen three times as often."""
    few = replace(trial, data=replace(trial.data, rows=280), epochs=42)
    return _balanced(few)


def _rates(rate):
    """From a third of a rate to ten times: what hardly moves answers by chance.

    Chance has a balanced accuracy near one half, and may look better than a network
    that has learnt to name the frequent class.
    """
    times = (0.3, 0.6, 1.0, 2.0, 3.0, 6.0, 10.0)
    values = tuple(float(f"{rate * each:.2g}") for each in times)
    return Doses("learning rate", values, rate)


def _question(baseline, positive, penalty, **declared):
    """What both questions share: the rule, the yardstick and the controls."""
    return Scenario(
        baseline=baseline,
        symptom=Symptom(
            "class_imbalance",
            "On validation rows balanced accuracy is over 5 points below accuracy, and"
            " less than 70 % of the rows of some class are recognised.",
            _LOOK,
        ),
        controls=Controls(
            placebo=PLACEBO,
            wrong_mechanism=Fix(
                name="l2",
                family="control",
                apply=partial(replace, l2=penalty),
                label="L2 penalty",
                claim="It fights overfitting; the rare class stays as rare.",
                strength=f"penalty {penalty:g}",
            ),
            positive=positive,
        ),
        metric=Metric(
            "test_balanced",
            "test balanced accuracy",
            "share",
            "linear",
            "higher",
            measures=BALANCED_ACCURACY,
        ),
        delta=0.01,
        rates=_rates(baseline.lr),
        references=(
            "Brodersen, Ong, Stephan & Buhmann (2010), The balanced accuracy and its"
            " posterior distribution, ICPR",
            "He & Garcia (2009), Learning from imbalanced data, IEEE Transactions on"
            " Knowledge and Data Engineering 21",
            "King & Zeng (2001), Logistic regression in rare events data, Political"
            " Analysis 9",
            "Provost (2000), Machine learning from imbalanced data sets 101, AAAI"
            " workshop on learning from imbalanced data sets",
            "Chawla, Bowyer, Hall & Kegelmeyer (2002), SMOTE: synthetic minority"
            " over-sampling technique, JAIR 16",
        ),
        **declared,
    )


_DIGITS = _question(
    Trial(
        Dataset(
            "one_digit",
            rows=900,
            validation=250,
            test=300,
            transforms=(("standardise", 0), ("pca", 3)),
            selection=(("minority", 0.04),),
        ),
        hidden=(16,),
        lr=0.01,
        batch_size=32,
        epochs=14,
    ),
    Fix(
        name="even_rows",
        family="control",
        apply=_even,
        label="280 training rows, half of them of the rare class, as many steps",
        claim="It removes the cause, with hardly more rows of that class at hand.",
        strength="280 rows, the minority seen as a share of 0.5, 42 epochs",
    ),
    0.03,
    name="class_imbalance.digits",
    title="Class imbalance of real images",
    summary="It is asked which handwritten digits are 8s, and one row in 25 is. All"
    " that is known of an image are three principal components. There are too few 8s to"
    " show what more data with the class as rare would do.",
    seeds=(14, 18),
)

SCENARIO = _question(
    Trial(
        Dataset(
            "two_normals",
            rows=2000,
            validation=1000,
            test=4000,
            options=(("n_samples", 60000),),
            selection=(("minority", 0.04),),
        ),
        hidden=(16,),
        lr=0.003,
        batch_size=32,
        epochs=16,
    ),
    Fix(
        name="balanced_rows",
        family="control",
        apply=_balanced,
        label="As many training rows, half of them of the rare class",
        claim="It removes the cause.",
        strength="the minority seen as a share of 0.5",
    ),
    0.01,
    name="class_imbalance",
    title="Class imbalance",
    summary="One row in 25 is of the rare class. A network that hardly ever names it is"
    " right on nearly all rows, and of no use for what it was built for.",
    seeds=(6, 16),
    parts=(_DIGITS,),
)
