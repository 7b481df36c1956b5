"""Covariate shift: new inputs differ from those seen, and accuracy suffers by it."""

from .detection import Detection, component, measured

READS = ("domain_auc", "accuracy_lost")


def detect(values, test_over_train=None):
    """A classifier tells new inputs by an AUC > .70, and over 5 points are lost.

    Both must hold; it is refuted by accuracy alone, since inputs that were made alike
    may still be misjudged. values: domain_auc (of training against new inputs, .5 where
    they are alike), accuracy_lost (from 0 to 1, on new rows: beside the same network
    trained on as many rows of the new distribution). What is missing cannot fire.
    Source: Lopez-Paz & Oquab (2017), Revisiting classifier two-sample tests, ICLR;
    Rabanser, Günnemann & Lipton (2019), Failing loudly: an empirical study of methods
    for detecting dataset shift, NeurIPS: a shift is malignant where accuracy falls.
    """
    auc = component(
        "AUC of telling new inputs from training inputs",
        measured(values, "domain_auc"),
        ">",
        0.70,
        test_over_train=test_over_train,
    )
    lost = component(
        "accuracy lost beside training on new rows",
        100.0 * measured(values, "accuracy_lost"),
        ">",
        5.0,
        "points",
        test_over_train=test_over_train,
    )
    return Detection(auc.fires and lost.fires, (auc, lost), lost.refuted)
