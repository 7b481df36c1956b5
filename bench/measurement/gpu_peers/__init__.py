"""What users would train with instead on a GPU: one file a peer, as in `peers`.

`prepare(work)` raises RuntimeError with a sentence where the library is installed but
sees no GPU. Matrix products are in full float32 everywhere, without TF32.
"""

from importlib import import_module
from pkgutil import iter_modules

NOT_PEERS = ("torch_training", "worker")
GPU_PEERS = {
    info.name: import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
    if info.name not in NOT_PEERS
}
