"""How often the rules are right: troubles on purpose, healthy twins, and verdicts.

A file of `troubles/` is one trouble and defines `TROUBLE`; a file of `rules/` is the
rules of one other tool and defines `RULES`.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from . import rules, troubles
from .injected import InjectedTrouble
from .rule import PublishedRule


def _modules(package: ModuleType) -> list[ModuleType]:
    names = sorted(module.name for module in iter_modules(package.__path__))
    return [import_module(f"{package.__name__}.{name}") for name in names]


TROUBLES: dict[str, InjectedTrouble] = {
    module.TROUBLE.name: module.TROUBLE for module in _modules(troubles)
}
PUBLISHED_RULES: tuple[PublishedRule, ...] = tuple(
    rule for module in _modules(rules) for rule in module.RULES
)
