"""The sanity check: gradient times input of a network whose weights are drawn anew.

What still looks like an explanation of it was never one of what the network had learnt.
Source: Adebayo, Gilmer, Muelly, Goodfellow, Hardt & Kim (2018), Sanity checks for
saliency maps, NeurIPS, section 3.
"""

from dataclasses import replace

from ..explainer import Explainer
from . import gradient_times_input

_ANEW = 7_000_003  # far from the seeds of trainings


def attribute(subject):
    """Of the network as it might have started, float[rows, inputs]."""
    params = subject.net.init(subject.seed + _ANEW, subject.params.dtype.type)
    return gradient_times_input.attribute(replace(subject, params=params))


EXPLAINER = Explainer(
    label="Gradient times input of random weights",
    source="Adebayo et al. (2018), section 3",
    attribute=attribute,
)
