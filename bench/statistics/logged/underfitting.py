"""Underfitting, where curves alone can tell: flat, high, and alike on new rows."""

import numpy as np

from ..detectors import Detection
from ..detectors.detection import component, log_ratio
from .curves import LoggedCurves, on_scale
from .slow_training import CRAWL, steady_fall
from .trend import bounded, drop_a_tenth

RANK = 3
FLAT = CRAWL  # percent in a tenth of the training: more is slow training
GAP = 0.2  # (validation - training) / training
HIGH, HIGH_ALONE = 0.35, 0.75  # of the first loss: with accuracies, and without
POOR = 80.0  # percent of the training rows right


def judge(curves: LoggedCurves) -> Detection:
    """All of: the training loss is flat, it is high, and new rows fare no worse.

    Flat: it falls by < 1.8 % in a tenth of the training, and has slowed down. High: >
    0.35 x its first value, and the accuracy, of training if known, is < 80 %; where
    none is known, > 0.75 x. No worse: a relative gap < 0.2. Targets that hold no more
    than this look the same, and so does a learning rate that has come to an end: only a
    larger network can tell.
    """
    losses = curves.losses()
    if losses is None:
        return Detection(False, ())
    train, val = losses
    first = curves.first_loss
    accuracy = curves.of("train_accuracy") or curves.of("val_accuracy")
    rows_right = np.empty(0) if accuracy is None else accuracy.finite.y
    known = len(rows_right) > 1
    y = on_scale(train.y, curves.scale)
    signs = [
        bounded(
            "fall of the training loss in a tenth", drop_a_tenth(y), "<", FLAT, "%"
        ),
        component(
            "training loss at the end / first",
            log_ratio(train.late(), np.full(len(train.late()), first)),
            ">",
            HIGH if known else HIGH_ALONE,
            shown=np.exp,
        ),
        component(
            "relative gap of the losses, (validation - training) / training",
            log_ratio(val.late(), train.late()),
            "<",
            GAP,
            shown=np.expm1,
        ),
    ]
    if known:
        late = 100 * rows_right[-len(train.late()) :]
        signs.append(component("accuracy at the end", late, "<", POOR, "%"))
    steady = steady_fall(y, "training").fires
    fires, refuted = all(s.fires for s in signs), any(s.refuted for s in signs)
    return Detection(fires and not steady, tuple(signs), refuted or steady)
