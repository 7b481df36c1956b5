"""The data of a trial, kept for the next: conditions of a scenario ask for the same."""

from functools import partial

from ...scenarios.data import load
from ...scenarios.data.kept import Kept

# All conditions of a scenario on all of its seeds ask for less, as a rule.
_KEPT = Kept(room=128_000_000)


def split(data, seed):
    """`load` of a trial's data. The arrays are shared, so nobody may write to them."""
    return _KEPT.get((data, seed), partial(load, data, seed))
