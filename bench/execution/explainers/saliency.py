"""Saliency: how steeply the output changes with each input.

a_j = d F / d x_j at the row. Source: Simonyan, Vedaldi & Zisserman (2014), Deep inside
convolutional networks: visualising image classification models and saliency maps,
section 3.
"""

from ..explainer import Explainer


def attribute(subject):
    """The derivative at each row, float[rows, inputs]."""
    return subject.slope(subject.x, subject.asked)


EXPLAINER = Explainer(
    label="Saliency (gradient)",
    source="Simonyan, Vedaldi & Zisserman (2014), section 3",
    attribute=attribute,
)
