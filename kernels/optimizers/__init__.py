"""Optimizers: one file each, discovered here.

A module holds its declaration `OPTIMIZER` and the formula: `scalars(hyper, step)` and
`element(p, g, state, i, c)`, see `kernels/elementwise.py`, where each parameter is
updated by itself, else `update(p, g, state, hyper, step, layout)`:

p, g: float[n], parameters and gradient, p in place; state: float[slots, n] (or with a
tail behind each row, see `Optimizer`), zeros at first, in place; hyper: float64[k] in
the order of `defaults`, the learning rate first; step: from 1, negative only for rules
with `sampled_every`; layout: int64[k, 3] (offset, inputs, outputs) of the weight
matrices in their order, each followed by the bias of its layer; without any, p is one
vector.
"""

from importlib import import_module
from pkgutil import iter_modules

OPTIMIZERS = {
    info.name: import_module(f".{info.name}", __package__).OPTIMIZER
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}
