"""Drops when the loss has stopped falling."""

from ..bounds import FROM_ZERO, UNIT
from ..schedule import Schedule

# Entries of the memory: 1 after the first epoch, lowest loss, epochs in a row that did
# not lower it, epochs left to cool down, drops so far.
BEGUN, LOWEST, WAITED, COOLING, DROPS = range(5)


def factor(step, steps, options, memory):
    """max(factor^drops, min_factor). options: see `observe`."""
    return max(options[0] ** memory[DROPS], options[4])


def observe(memory, loss, options):
    """Count a drop after more than `patience` epochs in a row without a better loss.

    Better is below (1 - threshold) times the lowest so far. The `cooldown` epochs after
    a drop do not count as waiting. options: factor, patience, threshold, cooldown,
    min_factor.
    """
    if memory[BEGUN] == 0.0 or loss < (1.0 - options[2]) * memory[LOWEST]:
        memory[BEGUN], memory[LOWEST], memory[WAITED] = 1.0, loss, 0.0
    else:
        memory[WAITED] += 1.0
    if memory[COOLING] > 0.0:
        memory[COOLING] -= 1.0
        memory[WAITED] = 0.0
    if memory[WAITED] > options[1]:
        memory[DROPS] += 1.0
        memory[COOLING], memory[WAITED] = options[3], 0.0


SCHEDULE = Schedule(
    name="reduce_on_plateau",
    rule=factor,
    defaults={
        "factor": 0.1,
        "patience": 10,
        "threshold": 1e-4,
        "cooldown": 0,
        "min_factor": 0.0,
    },
    bounds={
        "factor": UNIT,
        "patience": FROM_ZERO,
        "threshold": UNIT,
        "cooldown": FROM_ZERO,
        "min_factor": UNIT,
    },
    observe=observe,
    source='Senior et al. (2013), "performance scheduling"',
)
