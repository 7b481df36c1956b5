"""All values that a search chose, a row a problem and a column a hyper-parameter."""

from dataclasses import dataclass

from .. import words
from ..sortable import sortable
from .content import StudyContent, problem_page

_NAMES = {
    "lr": "learning rate",
    "weight_decay": "weight decay",
    "eps": "epsilon",
}


@dataclass(frozen=True)
class Values:
    """heads: [(name, default)]; rows: [(problem, page, cells)]; rest: as by default."""

    heads: list[tuple[str, str]]
    rows: list[tuple[str, str, list[str]]]
    rest: list[tuple[str, str]]


def smaller(study: StudyContent, name: str) -> list[tuple[int, Values]]:
    """[(trials, what that search chose)] of the searches between defaults and last."""
    budgets = study["settings"]["budgets"]
    return [
        (trials, values(study, name, place))
        for place, trials in enumerate(budgets[:-1])
        if trials > 1
    ]


def values(study: StudyContent, name: str, place: int = -1) -> Values:
    """What the search of a budget chose for an optimizer; then the untouched ones.

    place: of the budget among those of the study.
    """
    defaults = study.optimizers[name]["defaults"]
    chosen = {
        p: study.pairs[p, name]["budgets"][place]["hyper"] for p in study.problems
    }
    keys = [*dict.fromkeys(key for row in chosen.values() for key in row)]
    moved = [
        key
        for key in keys
        if key == "lr"
        or any(row.get(key) != defaults.get(key) for row in chosen.values())
    ]
    return Values(
        [(title(key), value(defaults.get(key))) for key in moved],
        [
            (
                study.problems[problem]["title"],
                problem_page(problem),
                [value(row.get(key)) for key in moved],
            )
            for problem, row in chosen.items()
        ],
        [(title(key), value(defaults[key])) for key in keys if key not in moved],
    )


def title(key: str) -> str:
    """A hyper-parameter's name in words where it has one."""
    return _NAMES.get(key, key.replace("_", " "))


@sortable
def value(number: float | None) -> str:
    """Three digits; of a number just below 1 as many as tell it from 1: 0.99937."""
    if number is not None and 0.99 <= number < 1:
        digits = 3
        while float(f"{number:.{digits}f}") == 1 and digits < 9:
            digits += 1
        return f"{number:.{digits + 1}f}".rstrip("0")
    return words.number(number)


def targets(study: StudyContent, problem: str) -> list[tuple[str, str]]:
    """[(what, loss)]: the target of every budget, and the easy one."""
    facts = study.problems[problem]
    said = [
        (
            "Target of the defaults"
            if trials == "1"
            else f"Target after {trials} trials",
            words.number(loss),
        )
        for trials, loss in facts["targets"].items()
    ]
    return [*said, ("Easy target", words.number(facts["easy"]))]
