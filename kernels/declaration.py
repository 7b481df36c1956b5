"""What a registry holds, as it is pickled and copied: by its name there."""

from dataclasses import fields
from importlib import import_module
from typing import Any, ClassVar


class Declared:
    """A frozen dataclass of functions, some of which no other process could unpickle.

    An entry of a registry is found there again, so that it stays the same object; one
    of your own is made anew of its fields, whose functions pickle must find by name.
    registry: (module, attribute).
    """

    registry: ClassVar[tuple[str, str]]

    def __reduce__(self) -> tuple[Any, ...]:
        for name, entry in _entries(*self.registry).items():
            if entry is self:
                return entry_of, (*self.registry, name)
        return made_of, self.recipe_of()

    def recipe_of(self):
        """(function, options) that make it again: the class and its fields."""
        kind: Any = type(self)
        return kind, {f.name: getattr(self, f.name) for f in fields(kind)}


def _entries(module, attribute):
    return getattr(import_module(module, __package__), attribute)


def entry_of(module, attribute, name):
    """The entry of a registry."""
    return _entries(module, attribute)[name]


def made_of(function, options):
    """What a function makes of options."""
    return function(**options)
