"""Layers: one file each, discovered here.

A layer module holds `forward(y, x, w, row, real, draw)` and
`backward(dx, dy, x, y, w, row, real, draw)`, and, if it has parameters,
`gradient(dw, dz, x, row, first, more)`:

y, dy: float[b, o]; x, dx: float[b, i]; w: float[SIZE], the layer's own parameters;
row: int64[FIELDS], its line of the table; real: float64, its one setting (a rate);
draw: uint32[5] (seed low, seed high, step, first row, sampler of targets), the key of
its random numbers. Step `EVALUATE` means no randomness. backward may leave dz =
dL/d(pre-activation) in the place of dy, and skips dx where it has no rows (the first
layer). gradient then fills dw, the part of the layer's gradient from row `first` of its
weights on, from dz; with `more` it adds to what is there. Layers allocate nothing but
BLAS-free views.

The dense layer can be computed some columns at a time, by which threads share a network
of large dense layers: `forward_columns(y, x, w, row, first, count)` fills those of y,
`settle(dy, y, row, first, count)` those of dz, in the place of dy, and
`backward_columns(dx, dz, w, row, first, count)` those of dx.
"""

from importlib import import_module
from pkgutil import iter_modules

KINDS = {
    info.name: import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}
NUMBERS = {name: number for number, name in enumerate(KINDS)}


def no_gradient(dw, dz, x, row, first, more):
    """Of a layer without parameters."""


GRADIENTS = {
    name: getattr(kind, "gradient", no_gradient) for name, kind in KINDS.items()
}
