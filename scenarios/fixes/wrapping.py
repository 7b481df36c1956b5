"""What is put around the optimizer: short weights, and their mean.

Srivastava et al. (2014), section 5.1; Izmailov et al. (2018).
"""

from dataclasses import replace
from functools import partial

from ..doses import Doses
from ..scenario import Fix

_BOTH = ("overfitting", "overfitting.label_noise")


def _wrapped(trial, argument, name):
    pairs = tuple(sorted((*trial.wrapping, (name, argument))))
    return replace(trial, wrapping=pairs)


FIXES = (
    Fix(
        name="max_norm",
        family="regularisation",
        apply=partial(_wrapped, name="max_norm"),
        label="Max-norm: no unit's weights beyond a length",
        claim="Weights that cannot grow cannot bend the function for one example.",
        strength="limit {dose}",
        treats=_BOTH,
        doses=Doses("limit", (0.3, 0.5, 1.0, 2.0, 3.0, 4.0), 3.0, least=0.01),
    ),
    Fix(
        name="weight_averaging",
        family="ensembling",
        apply=partial(_wrapped, name="averaging"),
        label="Averaged weights of the later epochs",
        claim="The mean of the weights lies in a flatter place than where they end.",
        strength="averaged from epoch {dose} on",
        treats=_BOTH,
        doses=Doses("first epoch", (2, 5, 10, 20, 30), 20, "linear", least=2, most=39),
    ),
)
