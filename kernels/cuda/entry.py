"""One parameter's update in registers: loaded, computed, stored."""

from functools import cache

import numpy as np

from ..jit import inner
from .toolchain import SIMULATED, cuda


@cache
def entry(element, slots):
    """f(p, slope, state, i, c): an optimizer's `element` for parameter i; in place.

    p: real[n]; state: real[slots, n]; slope: of the loss, as it is clipped; c: the
    scalars. All that is needed is loaded before anything is stored, so that no load
    waits for a store that might be to the same place, and the gradient, which nothing
    reads afterwards, is not written.
    """
    rows = max(1, slots)

    @inner
    def update(p, slope, state, i, c):
        value = cuda.local.array(1, p.dtype)
        gradient = cuda.local.array(1, p.dtype)
        slot = cuda.local.array((rows, 1), p.dtype)
        value[0], gradient[0] = p[i], slope
        for k in range(slots):
            slot[k, 0] = state[k, i]
        element(value, gradient, slot, 0, c)
        p[i] = value[0]
        for k in range(slots):
            state[k, i] = slot[k, 0]

    def simulated(p, slope, state, i, c):
        value, gradient = np.array([p[i]]), np.array([slope])
        slot = np.array([[state[k, i]] for k in range(slots)])
        element(value, gradient, slot, 0, c)
        p[i] = value[0]
        for k in range(slots):
            state[k, i] = slot[k, 0]

    # The simulator knows local arrays only in the module of a kernel.
    return simulated if SIMULATED else update
