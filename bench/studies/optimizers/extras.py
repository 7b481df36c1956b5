"""What the pages show beside the study: rules in words, parity, costs, paths."""

import inspect
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from ....kernels import optimizers as built_in
from ...execution.entrant import Entrant
from ..parity.certificate import row_of
from ..parity.references import DERIVED, REFERENCES
from ..parity.stored import LAST, read
from .paths import paths
from .settings import StudySettings
from .updates import updates


def extras(settings: StudySettings, progress: Callable) -> dict[str, Any]:
    """`rules`, `parity`, `updates` and `surfaces` of the content."""
    entrants = settings.entrants
    progress(0, 3, "Paths on functions of two numbers")
    found = paths(entrants)
    progress(1, 3, "Costs of updates")
    costs = updates(entrants, settings.quick)
    progress(2, 3, "Parity with other libraries")
    return {
        "rules": {entrant.name: rule(entrant) for entrant in entrants},
        "parity": parity(entrants),
        "updates": costs,
        "surfaces": found,
    }


def rule(entrant: Entrant) -> dict[str, Any]:
    """The update in words, from the docstrings of the file that declares it."""
    text = inspect.cleandoc(entrant.optimizer.formula.__doc__ or "")
    return {
        "title": _title(entrant),
        "text": [" ".join(part.split()) for part in text.split("\n\n") if part.strip()],
    }


def _title(entrant: Entrant) -> str:
    """The first paragraph of the declaring module's docstring.

    A wrapper's rule is defined in another file than the one that declares it.
    """
    module = f"{built_in.__name__}.{entrant.optimizer.name}"
    if entrant.file is None and find_spec(module):
        text = import_module(module).__doc__
    else:
        text = getattr(entrant.optimizer.formula, "__globals__", {}).get("__doc__")
    return " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())


def parity(entrants: tuple[Entrant, ...]) -> dict[str, Any]:
    """The certificate of the optimizers of the study that are built in."""
    names = [entrant.name for entrant in entrants if entrant.file is None]
    rows = [
        row_of(reference, about, arrays)
        for module, references in REFERENCES.items()
        for about, arrays in [read(module)]
        for reference in references
        if reference.optimizer in names
    ]
    proven = {row["optimizer"] for row in rows} | DERIVED.keys()
    return {
        "steps": LAST,
        "rows": rows,
        "derived": {k: v for k, v in DERIVED.items() if k in names},
        "unproven": [name for name in names if name not in proven],
    }
