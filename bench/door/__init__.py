"""Train networks and study it: `import gradclinic as gc`.

A name is looked up when it is first used, so that nothing heavy is imported before.
"""

from importlib import import_module
from typing import Any

# Each name, and the module that it is read from.
_HOMES = {
    "GradClinicClassifier": ".bench",
    "GradClinicRegressor": ".bench",
    "Monitor": ".bench",
    "OPTIMIZERS": ".kernels",
    "Perceptron": ".kernels",
    "diagnose": ".bench",
    "keeping_zeros": ".kernels",
    "layers": ".kernels",
    "load_network": ".kernels",
    "low_rank": ".kernels",
    "mlp": ".kernels",
    "prune": ".kernels",
    "prune_units": ".kernels",
    "quantise": ".kernels",
    "save_network": ".kernels",
    "sequential": ".kernels",
    "train": ".kernels",
    "train_population": ".kernels",
}
__all__ = [*_HOMES, "__version__"]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        found = version(__name__)
    elif name in _HOMES:
        found = getattr(import_module(_HOMES[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
