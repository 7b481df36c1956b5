"""Names that a shell completes after TAB: looked up when click asks for them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from click.shell_completion import CompletionItem

Complete = Callable[[Any, Any, str], list[CompletionItem]]


def completing(names: Callable[[], Iterable[str]], files: bool = False) -> Complete:
    """A `shell_complete` for click of what `names` yields.

    files: complete paths as well, where what was typed begins no name.
    """

    def complete(context: Any, parameter: Any, typed: str) -> list[CompletionItem]:
        found = sorted(name for name in names() if name.startswith(typed))
        if files and not found:
            return [CompletionItem(typed, type="file")]
        return [CompletionItem(name) for name in found]

    return complete


def questions() -> Iterable[str]:
    """Scenarios and their parts."""
    from .catalogue import pages

    return pages()


def optimizers() -> Iterable[str]:
    """Optimizers, by their files: to import them takes longer than a TAB may."""
    folder = Path(__file__).parents[1] / "kernels" / "optimizers"
    return (module.name for module in iter_modules([str(folder)]))


def problems() -> Iterable[str]:
    """Problems that optimizers are compared on."""
    from ..scenarios.problems import PROBLEMS

    return PROBLEMS


def cases() -> Iterable[str]:
    """Networks that other libraries are compared on."""
    from .studies.profile.cases import CASES

    return CASES


def everything() -> Iterable[str]:
    """All that `gradclinic list NAME` shows without compiled code being loaded."""
    from .catalogue import tried

    return {*questions(), *optimizers(), *problems(), *tried()}
