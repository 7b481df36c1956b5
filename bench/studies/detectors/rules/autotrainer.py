"""AutoTrainer's rules, as its released program has them.

Zhang, Zhai, Ma & Shen (2021), AUTOTRAINER: an automatic DNN training problem detection
and repair system, ICSE; `AutoTrainer/utils/monitor.py` of shiningrain/AUTOTRAINER, with
its default parameters. It looks at gradients where accuracy stays below 0.7 (from 30 %
of the epochs on) or never rises by 0.01. Its own gradients are of the first batch of an
epoch; here they are the medians of an epoch's steps.
"""

import numpy as np

from ..rule import PublishedRule, ago, at_end

_SOURCE = "Zhang et al. (2021), ICSE; monitor.py of shiningrain/AUTOTRAINER"
_THETA, _DELTA, _JUDGED = 0.7, 0.01, 0.3
_LOW, _LOW_NORM, _HIGH, _DEAD = 1e-3, 1e-4, 70.0, 0.7
_LOST = 1e5


def _late(run):
    """From 30 % of the planned epochs on."""
    return np.arange(1, run.epochs + 1) >= _JUDGED * run.trial["epochs"]


def _slow(run):
    """No epoch raised either accuracy by 0.01."""
    rises = [
        np.fmax.accumulate(np.nan_to_num(a - ago(a, 1), nan=0.0))
        for a in (run.accuracy("train"), run.accuracy("val"))
    ]
    return _late(run) & run.classes & (rises[0] < _DELTA) & (rises[1] < _DELTA)


def _unsolved(run):
    """Best accuracies below 0.7, or no rise."""
    best = [np.fmax.accumulate(run.accuracy(part)) for part in ("train", "val")]
    low = (best[0] < _THETA) | (best[1] < _THETA)
    return (_late(run) & low) | _slow(run)


def _ratio(run):
    return run.curve("first_gradient_norm") / run.curve("last_gradient_norm")


def _vanishing(run):
    small = run.curve("first_gradient_norm") < _LOW_NORM
    return (_ratio(run) < _LOW) & small & _unsolved(run)


def _exploding(run):
    return (_ratio(run) > _HIGH) & _unsolved(run)


def _not_finite(run):
    train, val = run.curve("train_loss"), run.curve("val_loss")
    return ~np.isfinite(train) | ~np.isfinite(val) | (val >= _LOST)


def _dead(run):
    zeros = run.value("zero_gradients") >= _DEAD
    return at_end(run, bool(zeros and _unsolved(run)[-1]))


def _gap(run):
    """Its program holds this rule, switched off."""
    train, val = run.accuracy("train"), run.accuracy("val")
    limit = np.where(train > 0.9, 0.07, 0.10)
    return _late(run) & (train - val >= limit)


RULES = (
    PublishedRule(
        "AutoTrainer",
        "overfitting",
        "Accuracy gap of 0.10, of 0.07 where training accuracy is above 0.9.",
        _SOURCE,
        _gap,
        "Its program holds this rule and does not use it.",
    ),
    PublishedRule(
        "AutoTrainer",
        "slow_training",
        "No epoch raises accuracy by 0.01, in training or validation.",
        _SOURCE,
        _slow,
    ),
    PublishedRule(
        "AutoTrainer",
        "divergence",
        "A loss that is not finite, or a validation loss of 1e5.",
        _SOURCE,
        _not_finite,
    ),
    PublishedRule(
        "AutoTrainer",
        "vanishing_gradient",
        "First- to last-layer gradient norm below 1e-3, the first below 1e-4, accuracy"
        " below 0.7.",
        _SOURCE,
        _vanishing,
    ),
    PublishedRule(
        "AutoTrainer",
        "exploding_gradient",
        "First- to last-layer gradient norm above 70, accuracy below 0.7.",
        _SOURCE,
        _exploding,
    ),
    PublishedRule(
        "AutoTrainer",
        "dead_relu",
        "70 % of the gradient's entries are zero, accuracy below 0.7.",
        _SOURCE,
        _dead,
        "Counted after the training, on its first batch.",
    ),
)
