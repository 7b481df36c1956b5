"""Weights of a training that came before, whose passes count.

Ash & Adams (2020), On warm-starting neural network training, NeurIPS.
"""

from dataclasses import replace

from ..doses import Doses
from ..scenario import Fix


def _few_rows_first(trial, rows):
    return replace(trial, warm_start=(("epochs", 100), ("rows", rows)))


def _half_of_the_classes(trial, epochs):
    return replace(trial, warm_start=(("classes", 5), ("epochs", epochs)))


FIXES = (
    Fix(
        name="few_rows_first",
        family="initialisation",
        apply=_few_rows_first,
        label="Warm start: a few of the rows first",
        claim="A pass over few rows is short, and brings the weights near; it counts.",
        strength="{dose} rows for 100 epochs first",
        treats=("slow_training",),
        doses=Doses("rows of the first training", (8, 16, 32, 64, 128, 256), 64),
    ),
    Fix(
        name="half_of_the_classes_first",
        family="initialisation",
        apply=_half_of_the_classes,
        label="Warm start: a network of half of the classes",
        claim="What it learnt of some classes serves the others; its passes count too.",
        strength="the rows of 5 classes for {dose} epochs first",
        treats=("slow_training",),
        doses=Doses("passes of the first training", (6, 12, 25, 50, 100), 25, least=1),
    ),
)
