"""Copies as loops: an array assignment would compile NumPy's broadcasting with it."""

from .jit import jit


@jit
def copy(to, source):
    """to = source. Both float[n], or both float[b, o]; in place."""
    for r in range(to.shape[0]):
        if to.ndim == 1:
            to[r] = source[r]
        else:
            for c in range(to.shape[1]):
                to[r, c] = source[r, c]
