"""Tables of references: a module a source, discovered here.

A module holds `REFERENCES`, a tuple of `Reference`, and `LIBRARIES`, the distributions
whose versions are stored with the trajectories; it imports them inside functions only.
It may hold `DERIVED`: {optimizer without a public reference: the test, `file::name`,
that derives its steps from the paper's equations}.
"""

from importlib import import_module
from pkgutil import iter_modules

from ..reference import Reference

MODULES = {
    info.name: import_module(f".{info.name}", __package__)
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}
REFERENCES: dict[str, tuple[Reference, ...]] = {
    name: tuple(getattr(module, "REFERENCES", ())) for name, module in MODULES.items()
}
DERIVED = {
    optimizer: test
    for module in MODULES.values()
    for optimizer, test in getattr(module, "DERIVED", {}).items()
}
