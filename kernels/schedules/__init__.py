"""Learning-rate schedules: one file each, discovered here.

A module holds `factor(step, steps, options, memory)`, which returns what the base rate
is multiplied by, and its declaration `SCHEDULE`:

step: from 0; steps: the length of the training; options: float64[k] in the order of
`defaults`; memory: float64[MEMORY], zeros at first, what `observe(memory, loss,
options)` has kept of the epochs before, for a schedule that follows the loss. Lengths
are shares of the training, so that one schedule suits any number of epochs; they are
rounded to whole steps. A warm-up multiplies any of them.
"""

from importlib import import_module
from pkgutil import iter_modules

SCHEDULES = {
    info.name: import_module(f".{info.name}", __package__).SCHEDULE
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}
