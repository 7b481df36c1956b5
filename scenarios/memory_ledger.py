"""Trainings whose memory is predicted and measured beside those that are judged.

What the optimizer, the rows of a step, the storage and the checkpoints make of the
bytes of a network, and every checkpoint interval of a deep one. Nobody judges them: all
have room enough.
"""

import re
from dataclasses import replace
from functools import partial

from .scenario import Fix

# Bytes that any of these may take: what is asked is how many it does take.
_ROOM = 100_000_000
LAYERS = 17  # of the deep network, the last one among them
# Two layers of 768 are 0.65 million parameters, 2.6 MB for each copy of them.
_WIDE = {"hidden": (768, 768), "batch_size": 256}
_OPTIMIZERS = {
    "SGD": {"optimizer": "sgd", "lr": 0.1},
    "Lion": {"optimizer": "lion", "lr": 3e-4},
    "Adafactor": {"optimizer": "adafactor", "lr": 0.01},
    "8-bit Adam": {"optimizer": "adam_8bit"},
    "Adam": {},
    "AMSGrad": {"optimizer": "amsgrad"},
}
_ROWS = (512, 1024, 2048)
_STORAGE = ("float16", "bfloat16")


def _with_room(plan, changes, trial):
    memory = replace(trial.memory, budget=_ROOM, **plan)
    return replace(trial, memory=memory, **changes)


def _shown(label, plan=(), **changes):
    """A training that is shown and never judged."""
    rate = f", learning rate {changes['lr']:g}" if "lr" in changes else ""
    return Fix(
        name="ledger_" + re.sub(r"\W+", "_", label.lower()),
        family="reference",
        apply=partial(_with_room, dict(plan), changes),
        label=label,
        claim="Measured beside what is judged.",
        strength=f"{label}{rate}, room for {_ROOM:,} bytes",
    )


LEDGER = (
    *(
        _shown(f"2 layers of 768, 256 rows, {label}", **_WIDE, **options)
        for label, options in _OPTIMIZERS.items()
    ),
    *(_shown(f"{rows} rows", batch_size=rows) for rows in _ROWS),
    *(_shown(f"Stored as {name}", {"storage": name}) for name in _STORAGE),
)
CHECKPOINTS = tuple(
    _shown(f"{k} layers a segment", {"checkpoint": k}) for k in range(1, LAYERS + 1)
)
