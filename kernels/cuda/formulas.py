"""Which scalar formula: the activation of a number, for a thread; a tuple of a row."""

from functools import cache

from ..activations import ACTIVATIONS
from ..jit import inner


def _choice(functions, number=0):
    """f(n, z): the n-th of unary functions at z. One branch after the other.

    All threads of a layer take the same one.
    """
    first = functions[0]
    if len(functions) == 1:

        @inner
        def last(wanted, z):
            return first(z)

        return last
    others = _choice(functions[1:], number + 1)

    @inner
    def chosen(wanted, z):
        if wanted == number:
            return first(z)
        return others(wanted, z)

    return chosen


activation = _choice([each.formula for each in ACTIVATIONS.values()])
activation_slope = _choice([each.slope for each in ACTIVATIONS.values()])


@cache
def entries(count):
    """f(table, row): the first `count` entries of a row of real[n, k], as a tuple."""
    if count == 0:

        @inner
        def nothing(table, row):
            return ()

        return nothing
    before, last = entries(count - 1), count - 1

    @inner
    def some(table, row):
        return (*before(table, row), table[row, last])

    return some
