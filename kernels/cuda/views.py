"""Views for kernels, as in `kernels.views`; in the simulator, of NumPy."""

from .. import views
from .jit import SIMULATED


def _flat(array):
    """The entries of a simulated array, one after the other."""
    array = getattr(array, "_item", array)
    return getattr(array, "_ary", array).reshape(-1)


def _vector(array, start, size):
    return _flat(array)[start : start + size]


def _matrix(array, start, rows, columns):
    return _flat(array)[start : start + rows * columns].reshape(rows, columns)


vector = _vector if SIMULATED else views.vector
matrix = _matrix if SIMULATED else views.matrix


def flat(array):
    """The entries of a contiguous array of the device, one after the other."""
    return array.reshape(array.size)
