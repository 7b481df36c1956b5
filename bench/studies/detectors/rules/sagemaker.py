"""Rules of Amazon SageMaker Debugger, with their documented defaults.

"List of Debugger built-in rules", docs.aws.amazon.com/sagemaker. A rule that is true at
one step has found its issue; here a step is an epoch. Its VanishingGradient reads the
mean of absolute values, here it is the root mean square of the first layer, which is
not smaller.
"""

import numpy as np

from ..rule import PublishedRule, ago

_SOURCE = "Amazon SageMaker Debugger, {}, docs.aws.amazon.com/sagemaker"
_RATIO, _TINY, _DEAD, _DROP, _STEPS = 0.1, 1e-7, 0.5, 0.001, 10


def _overfit(run):
    train = run.curve("train_loss")
    return (run.curve("val_loss") - train) / train > _RATIO


def _not_decreasing(run):
    loss = run.curve("train_loss")
    return loss > (1 - _DROP) * ago(loss, _STEPS)


def _not_finite(run):
    return ~np.isfinite(run.curve("train_loss"))


def _vanishing(run):
    return run.curve("first_gradient_rms") < _TINY


def _dead(run):
    return run.curve("dead_units") > _DEAD


RULES = (
    PublishedRule(
        "SageMaker Debugger",
        "overfitting",
        "(Validation - training loss) / training loss above 0.1, once.",
        _SOURCE.format("Overfit"),
        _overfit,
    ),
    PublishedRule(
        "SageMaker Debugger",
        "slow_training",
        "The loss is not 0.1 % below its value 10 evaluations before.",
        _SOURCE.format("LossNotDecreasing"),
        _not_decreasing,
    ),
    PublishedRule(
        "SageMaker Debugger",
        "divergence",
        "A tensor that is not finite.",
        _SOURCE.format("ExplodingTensor"),
        _not_finite,
    ),
    PublishedRule(
        "SageMaker Debugger",
        "vanishing_gradient",
        "A gradient whose mean size is below 1e-7.",
        _SOURCE.format("VanishingGradient"),
        _vanishing,
    ),
    PublishedRule(
        "SageMaker Debugger",
        "dead_relu",
        "Over 50 % of a layer active on less than 1 % of a batch.",
        _SOURCE.format("DeadRelu"),
        _dead,
    ),
)
