"""Class imbalance: right on most rows, and wrong on the class that is rare."""

from .detection import Detection, component, measured

READS = ("val_metric", "val_balanced", "val_least_recall")


def detect(values, test_over_train=None):
    """Balanced accuracy over 5 points below accuracy, and a class under 70 % recalled.

    Both must hold. values: val_metric (accuracy), val_balanced (the mean over classes
    of the share of their rows that are recognised), val_least_recall (the lowest such
    share), all from 0 to 1. What is missing cannot fire. Source: Brodersen, Ong,
    Stephan & Buhmann (2010), The balanced accuracy and its posterior distribution,
    ICPR, section II: accuracy above balanced accuracy is what a classifier gains by
    preferring the frequent class.
    """
    plain, balanced, least = (
        measured(values, f"val_{name}")
        for name in ("metric", "balanced", "least_recall")
    )
    known = plain.size and balanced.size
    gap = component(
        "accuracy - balanced accuracy, on validation rows",
        100.0 * (plain - balanced) if known else [],
        ">",
        5.0,
        "points",
        test_over_train=test_over_train,
    )
    recall = component(
        "recognised rows of the class that is recognised least",
        100.0 * least,
        "<",
        70.0,
        "%",
        test_over_train=test_over_train,
    )
    signs = gap, recall
    return Detection(
        all(sign.fires for sign in signs), signs, any(sign.refuted for sign in signs)
    )
