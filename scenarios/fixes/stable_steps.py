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
    ),
    Fix(
        name="smaller_learning_rate",
        family="optimization",
        # 2 / lambda_max of these data lies between 0.00105 and 0.00125.
        apply=partial(replace, lr=0.0005),
        label="Learning rate 0.0005, below 2 / lambda_max",
        claim="Below this threshold gradient descent on least squares cannot diverge.",
        treats=("divergence",),
    ),
    Fix(
        name="clipping",
        family="numerics",
        apply=partial(replace, clip_norm=10.0),
        label="Gradient norm clipped at 10",
        claim="No step is longer than the limit, however steep the loss.",
        treats=("divergence",),
    ),
)
