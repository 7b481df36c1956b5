"""How often the rules are right: troubles on purpose, healthy twins, and verdicts.

A file of `rules/` is the rules of one other tool and defines `RULES`.
"""

from importlib import import_module
from pkgutil import iter_modules

from . import rules
from .rule import PublishedRule


def _rules():
    names = sorted(module.name for module in iter_modules(rules.__path__))
    modules = (import_module(f"{rules.__name__}.{name}") for name in names)
    return tuple(rule for module in modules for rule in module.RULES)


PUBLISHED_RULES: tuple[PublishedRule, ...] = _rules()
