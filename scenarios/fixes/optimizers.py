"""Other ways to take a step."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="mini_batches",
        family="optimization",
        apply=partial(replace, optimizer="sgd", lr=0.1, batch_size=32),
        label="Mini-batches of 32, learning rate 0.1",
        claim="Sixteen rough steps a pass get further than one exact step.",
        treats=("slow_training",),
        strength="SGD, learning rate 0.1, 32 rows a step",
    ),
    Fix(
        name="momentum",
        family="optimization",
        apply=partial(
            replace, optimizer="momentum", lr=0.05, hyper=(("momentum", 0.9),)
        ),
        label="Momentum of 0.9, learning rate 0.05",
        claim="Steps that agree add up; steps that zigzag cancel out.",
        treats=("slow_training",),
        strength="momentum 0.9, learning rate 0.05",
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.02),
        label="Adam, learning rate 0.02",
        claim="Every weight gets a step of its own size.",
        treats=("slow_training",),
        strength="Adam, learning rate 0.02",
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.5),
        label="Adam, learning rate 0.5",
        claim="The size of Adam's step does not grow with the gradient.",
        treats=("divergence",),
        strength="Adam, learning rate 0.5",
    ),
)
