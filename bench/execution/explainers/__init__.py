"""Ways to explain a trained network, and models that need no explanation.

A module here defines `EXPLAINER`, and its file name is its name in a trial's
`explanation`. Adding one is adding one file.
"""

from importlib import import_module
from pkgutil import iter_modules

from ..explainer import Explainer

EXPLAINERS: dict[str, Explainer] = {
    info.name: import_module(f".{info.name}", __package__).EXPLAINER
    for info in sorted(iter_modules(__path__), key=lambda info: info.name)
}


def explainer(name: str) -> Explainer:
    """The `Explainer` of a name; ValueError, with the nearest, where there is none."""
    if name not in EXPLAINERS:
        from difflib import get_close_matches

        near = get_close_matches(str(name), EXPLAINERS, n=1)
        hint = (
            f"did you mean {near[0]!r}?" if near else f"known: {', '.join(EXPLAINERS)}"
        )
        raise ValueError(f"there is no method {name!r} to explain a network; {hint}")
    return EXPLAINERS[name]
