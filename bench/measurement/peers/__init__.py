"""What users would train with instead: one file a peer, discovered here.

A module defines `PEER` and `prepare(work)`. prepare returns `run(epochs)`, which trains
on from where it stands and returns the mean loss of each epoch, float[epochs]; for work
of the kind `predict` it returns the outputs, float[rows, o], of all `epochs` passes'
last. Heavy imports happen inside `prepare`.
"""

from importlib import import_module
from pkgutil import iter_modules

NOT_PEERS = ("architectures", "case", "work", "worker")
PEERS = {
    info.name: import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
    if info.name not in NOT_PEERS
}
