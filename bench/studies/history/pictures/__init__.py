"""One picture of each system, drawn from networks that were trained for it.

A module holds PICTURES = {system: picture}, and a picture is a function of a seed that
returns plain data: title, sentence, and what `reports.figures` draws by its kind,
"squares" or "line".
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

Picture = dict[str, Any]

PICTURES: dict[str, Callable[[int], Picture]] = {
    system: picture
    for module in sorted(info.name for info in iter_modules(__path__))
    for system, picture in import_module(f".{module}", __package__).PICTURES.items()
}
