"""The templates of the pages, with the filters that put numbers into words."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from . import words
from .machine import facts, moment


@cache
def templates():
    """The Jinja environment: autoescape on, an unknown name is an error."""
    environment = Environment(
        loader=PackageLoader(__name__.rpartition(".")[0], "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": words.number,
        "duration": words.duration,
        "moment": moment,
        "facts": facts,
        "cell": cell,
    }
    environment.globals |= {"count": words.count}
    return environment


def cell(value):
    """A cell of a further table: text as it is, numbers to three digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else words.number(value)
