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
        "glued": words.glued,
        "headed": words.headed,
    }
    environment.globals |= {"count": words.count}
    return environment


def cell(value, column=""):
    """A cell of a further table: text as it is, numbers to three digits.

    column: its heading; a seed is a name, 3000, and no count, 3,000.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return (words.plain_number if column.lower() == "seed" else words.number)(value)
