"""What can be done to a trained network so that it becomes smaller.

A compression is one module here, whose name a trial's `Deployment` names. It defines
`compressed(net, params, argument, retraining) -> (net, params)`, STAGE, an int by which
several are ordered, and FILES, the modules of `kernels.compression` it is made of.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from .retraining import Retraining

_FOUND = {m.name: import_module(f"{__name__}.{m.name}") for m in iter_modules(__path__)}
COMPRESSIONS: dict[str, ModuleType] = {
    name: module for name, module in _FOUND.items() if hasattr(module, "compressed")
}


def compressions(trial) -> list[tuple[str, float]]:
    """The (name, argument) pairs of a trial in the order in which they are applied.

    ValueError in one sentence on a name that is not known.
    """
    pairs = trial.deployment.compression if trial.deployment else ()
    for name, _ in pairs:
        if name not in COMPRESSIONS:
            known = ", ".join(COMPRESSIONS)
            raise ValueError(f"unknown compression {name!r}; there are {known}")
    return sorted(pairs, key=lambda pair: COMPRESSIONS[pair[0]].STAGE)


def compression_files(trial) -> list[str]:
    """Names of the modules of the kernels that compress a trial's network."""
    return [f for name, _ in compressions(trial) for f in COMPRESSIONS[name].FILES]


__all__ = ["COMPRESSIONS", "Retraining", "compression_files", "compressions"]
