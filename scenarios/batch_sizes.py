"""SGD by rows a step, each with its best learning rate: steps against passes.

The rates were chosen among .01, .02, .05, .07, .1, .2, .3 and .5 by the median passes
to the target on ten seeds of the master seeds 0 to 2. They rise with the batch and then
level off, as McCandlish et al. (2018), section 2.2, expect.
"""

from dataclasses import replace
from functools import partial

from .doses import told
from .scenario import Fix

# Rows a step, learning rate, passes over the data.
_SIZES = (
    (4, 0.02, 60),
    (8, 0.05, 60),
    (16, 0.07, 60),
    (32, 0.2, 60),
    (64, 0.2, 60),
    (128, 0.2, 150),
    (256, 0.3, 150),
    (512, 0.3, 250),
)


def _sized(trial, rows, rate, epochs):
    how = {"optimizer": "sgd", "hyper": (), "lr": rate}
    return replace(trial, **how, batch_size=rows, epochs=epochs)


BATCH_SIZES = tuple(
    Fix(
        name=f"batch_{rows}",
        family="optimization",
        apply=partial(_sized, rows=rows, rate=rate, epochs=epochs),
        label=f"{rows} rows a step",
        claim="More rows make fewer and surer steps of a pass.",
        strength=f"SGD, {rows} rows a step, learning rate {told(rate)}, {epochs}"
        " epochs",
    )
    for rows, rate, epochs in _SIZES
)
