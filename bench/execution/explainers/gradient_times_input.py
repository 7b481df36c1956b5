"""Gradient times input: the slope, times how far the input is from its mean.

a_j = (x_j - mean_j) d F / d x_j: what a straight line through the row would lose if the
input were the mean. Source: Shrikumar, Greenside & Kundaje (2017), Learning important
features through propagating activation differences, ICML, section 2.
"""

from ..explainer import Explainer


def attribute(subject):
    """The product at each row, float[rows, inputs]."""
    away = subject.x - subject.x.mean(axis=0)
    return away * subject.slope(subject.x, subject.asked)


EXPLAINER = Explainer(
    label="Gradient times input",
    source="Shrikumar, Greenside & Kundaje (2017), section 2",
    attribute=attribute,
)
