"""Class imbalance: right on most rows, and wrong on the class that is rare."""

from .detection import Detection, component, measured

READS = ("val_metric", "val_balanced", "val_least_recall", "val_least_share")


def detect(values, test_over_train=None):
    """Balanced accuracy over 5 points below accuracy, and a class under 70 % recalled.

    Both must hold, and that class must be rare: it has under half of the rows that each
    had if all had as many. For a network that has learnt nothing names the most
    frequent class alone, be it hardly more frequent than the others. values: val_metric
    (accuracy), val_balanced (the mean over classes of the share of their rows that are
    recognised), val_least_recall (the lowest such share), all from 0 to 1;
    val_least_share (rows of that class by those of an equal share), optional. What is
    missing cannot fire. Source: Brodersen, Ong,
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
    signs = [gap, recall]
    if (share := measured(values, "val_least_share")).size:
        signs.append(
            component(
                "rows of that class, of an equal share",
                100.0 * share,
                "<",
                50.0,
                "%",
                test_over_train=test_over_train,
            )
        )
    fires, refuted = all(s.fires for s in signs), any(s.refuted for s in signs)
    return Detection(fires, tuple(signs), refuted)
