"""The templates of the pages, with the filters that put numbers into words."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from . import words
from .labels import setting_label
from .machine import facts, moment
from .sortable import sorts_by


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
        "setting": setting_label,
        "sorts_by": sorts_by,
    }
    environment.globals |= {"count": words.count, "script": script()}
    compact = {"separators": (",", ":"), "allow_nan": False}
    environment.policies["json.dumps_kwargs"] = compact
    return environment


def script():
    """The script of every page, and what lets this script run and no other.

    The page's policy names the digest, so that text of others could not run even if it
    were taken for markup.
    """
    file = Path(__file__).with_name("templates") / "page.js"
    text = file.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).digest()
    return {"text": text, "digest": base64.b64encode(digest).decode()}


def cell(value, column=""):
    """A cell of a further table: text as it is, numbers to three digits.

    column: its heading; a seed is a name, 3000, and no count, 3,000.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return (words.plain_number if column.lower() == "seed" else words.number)(value)
