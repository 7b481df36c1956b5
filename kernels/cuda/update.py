"""The optimizer's step: the scalar rule of the CPU, a thread a parameter."""

from collections.abc import Callable
from functools import cache

from ..clipping import shrink, within
from ..optimizers import OPTIMIZERS
from . import batch_place
from .entry import entry
from .formulas import entries
from .jit import cuda, kernel

# Entries of `limits`: the norm and the value to clip a gradient to, infinite for none.
NORM, VALUE, LIMITS = 0, 1, 2


def update_kernel(optimizer):
    """The kernel of an elementwise optimizer."""
    rule = optimizer.element, optimizer.slots
    return _kernel(optimizer.name, *rule, count_of(optimizer))


def count_of(optimizer):
    """How many scalars the rule of an elementwise optimizer takes."""
    return len(optimizer.scalars(optimizer.hyper(), 1))


@cache
def _kernel(name, element: Callable, slots, count):
    read, update_entry = entries(count), entry(element, slots)

    @kernel("vvmmivv", name)
    def update(p, g, state, table, place, norms, limits):
        """Parameters and state, in place, from the gradient, clipped.

        p, g: real[n]; state: real[slots, n]; table: real[steps, k], the scalars of each
        step of an epoch; place: int32[k]; norms: real[steps], |g| of each step; limits:
        real[LIMITS].
        """
        if place[batch_place.BROKEN] > 1:
            return  # as the CPU, which breaks the epoch off
        index = place[batch_place.INDEX]
        c = read(table, index)
        factor, limit = shrink(norms[index], limits[NORM]), limits[VALUE]
        for i in range(cuda.grid(1), p.size, cuda.gridsize(1)):
            update_entry(p, within(factor * g[i], limit), state, i, c)

    return update


UPDATES = {
    name: update_kernel(optimizer)
    for name, optimizer in OPTIMIZERS.items()
    if optimizer.elementwise
}
