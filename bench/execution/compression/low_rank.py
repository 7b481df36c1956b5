"""Weight matrices as products of two thin ones. Denton et al. (2014)."""

from ....kernels import low_rank

STAGE = 2
FILES = ("low_rank",)


def compressed(net, params, argument, retraining):
    """argument: the rank."""
    return low_rank(net, params, int(argument))
