"""What can be named on a command line, and what each name stands for."""

from collections.abc import Iterable, Iterator

from .errors import unknown


def pages() -> dict[str, str]:
    """{name of a scenario or of a part of one: the scenario whose page holds it}."""
    from ..scenarios import SCENARIOS

    found = {}
    for name, scenario in SCENARIOS.items():
        found[name] = name
        found |= {part.name: name for part in scenario.parts}
    return found


def scenarios_of(names: Iterable[str]) -> tuple[str, ...]:
    """The scenarios that answer these names, each once, in order.

    A part is answered on the page of its scenario. Raises UsageError on a name that
    is neither.
    """
    known = pages()
    for name in names:
        if name not in known:
            raise unknown("scenario", name, known)
    return tuple(dict.fromkeys(known[name] for name in names))


def parts_of(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that are parts, not scenarios, each once."""
    known = pages()
    return tuple(name for name in dict.fromkeys(names) if known[name] != name)


def parts_in(names: Iterable[str], quick: bool = False) -> Iterator[str]:
    """Yield a sentence for each name that is a part, not a scenario.

    quick: a page is not run whole then, see `studies.suite.asked_of`.
    """
    known = pages()
    what = "whose first question is asked with it" if quick else "which is run whole"
    for name in parts_of(names):
        yield f"{name} is on the page of {known[name]}, {what}."


def precisions(names: Iterable[str]) -> tuple[str, ...]:
    """Names of the dtypes that trials of these scenarios train in; none: of all."""
    from ..scenarios import SCENARIOS

    chosen = [SCENARIOS[name] for name in names] or SCENARIOS.values()
    questions = [q for s in chosen for q in (s, *s.parts)]
    return tuple(sorted({t.precision for q in questions for t in q.trials}))


def tried() -> set[str]:
    """Names of all fixes and controls."""
    from ..scenarios import SCENARIOS

    questions = [q for s in SCENARIOS.values() for q in (s, *s.parts)]
    fixes = {fix.name for question in questions for fix in question.fixes}
    return fixes | {
        fix.name for q in questions for fix in vars(q.controls).values() if fix
    }
