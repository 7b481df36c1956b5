"""Full-batch minimisers: one file each, discovered here.

A module holds `iterate(objective, start, **options)`, a generator, and its declaration
`MINIMISER`:

objective: p float[n] -> `Point`; start: the `Point` to begin at; options: those of
`defaults`, all given. After each epoch, which is one iteration unless an option says
more, it yields the `Point` reached and whether it has converged: whether no further
epoch could change anything that counts.
"""

from importlib import import_module
from pkgutil import iter_modules

MINIMISERS = {
    info.name: import_module(f".{info.name}", __package__).MINIMISER
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}
