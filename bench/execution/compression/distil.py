"""Distillation: a small network learns the answers of the large one.

The student minimises the cross-entropy between its softmax and the teacher's, both of
logits divided by a temperature T. It is trained on logits / T, so its last layer is
multiplied by T at the end: the same function, and no loss that knows of T. Source:
Hinton, Vinyals & Dean (2015), Distilling the knowledge in a neural network, section 2,
with soft targets alone.
"""

from dataclasses import replace

import numpy as np
from scipy.special import softmax

from ....kernels import mlp

STAGE = 0
FILES = ()
TEMPERATURE = 4.0
_SOFT = {"cross_entropy": "soft_cross_entropy", "mse": "mse"}


def compressed(net, params, argument, retraining):
    """argument: units of each hidden layer of the student.

    ValueError in one sentence where the loss has no soft targets.
    """
    trial = retraining.trial
    if net.loss not in _SOFT:
        raise ValueError(
            f"distillation needs outputs for every class or real targets, and the loss"
            f" here is {net.loss!r}; use one of {', '.join(_SOFT)}"
        )
    sizes = [net.inputs, *(int(argument) for _ in trial.hidden), net.outputs]
    student = mlp(sizes, trial.activation, _SOFT[net.loss])
    own = retraining.start(student)
    answers = net.predict(params, retraining.rows.x_seen)
    soft = net.loss == "cross_entropy"
    if soft:
        answers = softmax(answers / TEMPERATURE, axis=1).astype(answers.dtype)
    retraining.train(student, own, trial.epochs, y=answers)
    if soft:
        _, start, _ = student.layout[-2]
        own[start:] *= np.asarray(TEMPERATURE, own.dtype)
    return replace(student, loss=net.loss), own
