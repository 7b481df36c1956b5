"""Which formula, for a thread: that of a number in a table; a tuple of a row."""

from functools import cache

from ..activations import ACTIVATIONS
from ..jit import inner


def choice(functions, number=0):
    """f(n, ...): the n-th of functions of the same arguments. A branch after the other.

    All threads of a layer take the same one.
    """
    first = functions[0]
    if len(functions) == 1:

        @inner
        def last(wanted, *arguments):
            return first(*arguments)

        return last
    others = choice(functions[1:], number + 1)

    @inner
    def chosen(wanted, *arguments):
        if wanted == number:
            return first(*arguments)
        return others(wanted, *arguments)

    return chosen


activation = choice([each.formula for each in ACTIVATIONS.values()])
activation_slope = choice([each.slope for each in ACTIVATIONS.values()])


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
