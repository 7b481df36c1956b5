"""Steps that cannot overshoot without end."""

from dataclasses import replace
from functools import partial

from ..scenario import Fix

FIXES = (
    Fix(
        name="mean_gradient",
        family="numerics",
        apply=partial(replace, reduction="mean"),
        label="Mean instead of summed gradient",
        claim="The size of a step no longer grows with the number of rows.",
        treats=("divergence",),
        strength="mean gradient",
    ),
    Fix(
        name="smaller_learning_rate",
        family="optimization",
        # 2 / lambda_max of these data lies between 0.00105 and 0.00125.
        apply=partial(replace, lr=0.0005),
        label="Learning rate 0.0005, below the stability limit",
        claim="Below 2 / (largest curvature) gradient descent on least squares cannot"
        " diverge.",
        treats=("divergence",),
        strength="learning rate 0.0005",
    ),
    Fix(
        name="clipping",
        family="numerics",
        apply=partial(replace, clip_norm=10.0),
        label="Gradient norm clipped at 10",
        claim="No step is longer than the limit, however steep the loss.",
        treats=("divergence",),
        strength="norm 10",
    ),
    Fix(
        name="smaller_learning_rate",
        family="optimization",
        apply=partial(replace, lr=0.001),
        label="Learning rate 0.001, a tenth",
        claim="Short steps do not overshoot.",
        strength="learning rate 0.001",
        treats=("divergence.deep",),
    ),
    Fix(
        name="clipping",
        family="numerics",
        apply=partial(replace, clip_norm=10.0),
        label="Gradient norm clipped at 10",
        claim="No step is longer than the limit, however steep the loss.",
        strength="norm 10",
        treats=("divergence.deep",),
    ),
    Fix(
        name="warm_up",
        family="optimization",
        apply=partial(replace, warmup=160),
        label="Warm-up of 160 steps",
        claim="The first steps are the most dangerous, so they are the shortest.",
        strength="160 steps",
        treats=("divergence.deep",),
    ),
    Fix(
        name="adam",
        family="optimization",
        apply=partial(replace, optimizer="adam", lr=0.003, hyper=()),
        label="Adam, learning rate 0.003",
        claim="The size of Adam's step does not grow with the gradient.",
        strength="Adam, learning rate 0.003, without momentum",
        treats=("divergence.deep",),
    ),
    Fix(
        name="fewer_layers",
        family="capacity",
        apply=partial(replace, hidden=(64, 64)),
        label="2 layers instead of 8",
        claim="Each layer multiplies the gradient that passes through it.",
        strength="2 layers",
        treats=("divergence.deep",),
    ),
)
