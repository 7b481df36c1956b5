"""Tables of the index: every cell in words."""

from dataclasses import dataclass

from .. import words
from ..sortable import Sortable, grouped
from ..verdicts import ShownVerdict
from .content import StudyContent, optimizer_page, problem_page
from .phrases import few, interval
from .relations import losers_to, winners_over
from .verdicts import expected, placed

Pair = tuple[str, str]


@dataclass(frozen=True)
class TableRow:
    """A row: what it is about, where that leads, and its cells; a pair is two lines.

    note: a badge beside the label; small: what stands below it.
    """

    label: str
    href: str
    cells: tuple
    note: str = ""
    small: str = ""
    verdict: ShownVerdict | None = None


def heads(study: StudyContent) -> list[str]:
    """Titles of the columns of `standings`, behind the optimizer's."""
    seconds = ["Place by seconds"] if study.by_seconds else []
    return [
        "Place",
        "Score",
        f"Runs that met {study.goal_words}",
        *seconds,
        "Place without any one problem",
    ]


def standings(study: StudyContent) -> list[TableRow]:
    """Who ranks where: place, score, targets met, who is better than whom."""
    rows = []
    for name in study.order:
        over, under = winners_over(study, name), losers_to(study, name)
        cells = [
            _ranked(study.at(name, "ranks")),
            _score(study.at(name, "profile_score")),
            (_met(study, name), ""),
            (_left_out(study, name), ""),
        ]
        if study.by_seconds:
            cells.insert(3, _ranked(study.at(name, "ranks", study.by_seconds)))
        rows.append(
            TableRow(
                study.label(name),
                optimizer_page(name),
                tuple(cells),
                _own(study, name),
                _relations(study, name, over, under),
            )
        )
    return rows


def _ranked(rank) -> Pair:
    return _place(rank), f"{rank['low']} to {rank['high']}"


def _met(study, name) -> str:
    """How many of an optimizer's fresh runs met the target: 13 of 15."""
    costs = [
        cost
        for problem in study.problems
        for cost in study.winner(problem, name)["costs"][study.goal]["evaluations"]
    ]
    return met_of(sum(cost is not None for cost in costs), len(costs))


def _relations(study, name, over, under) -> str:
    """How many it beats, how many beat it, how many of its searches failed."""
    said = [f"better than {len(over)}"] if over else []
    said += [f"beaten by {len(under)}"] if under else []
    lost = len(study.withheld_of(name))
    said += [f"{lost} of {len(study.problems)} withheld"] if lost else []
    return ", ".join(said)


def _place(rank) -> str:
    """The place, with the sign of a tie where others have the same score."""
    tied = "=" if rank["last"] > rank["first"] else ""
    return Sortable(f"{rank['first']}{tied}", rank["first"])


def _left_out(study, name) -> str:
    """The places it takes when any one problem is left out."""
    found, i = study.main["stability"], study.indices[name]
    low, high = found["low"][i], found["high"][i]
    return Sortable(low if low == high else f"{low} to {high}", low)


def _own(study, name):
    return "yours" if study.optimizers[name].get("file") else ""


def _score(numbers) -> Pair:
    """The number, and its interval without brackets."""
    value, _, rest = interval(numbers).partition(" (")
    return Sortable(value, numbers[0]), rest.removesuffix(")")


def met_of(met: int, runs: int) -> str:
    """How many of the runs met a target: 13 of 15."""
    return Sortable(f"{met} of {runs}", met / runs if runs else None)


def costs(study: StudyContent) -> list[TableRow]:
    """What an update costs, the cheapest first."""
    rows = sorted(study["updates"]["rows"], key=lambda row: row["least"])
    return [
        TableRow(
            study.label(row["optimizer"]),
            optimizer_page(row["optimizer"]),
            (
                (
                    words.factor(row["least"]),
                    f"median {words.factor(row['median'])}",
                ),
                (words.factor(row["state_bytes"]), ""),
                (
                    words.number(
                        study.optimizers[row["optimizer"]]["evaluations_per_step"]
                    ),
                    "",
                ),
            ),
        )
        for row in rows
        if row["optimizer"] in study.indices
    ]


def problems(study: StudyContent) -> list[TableRow]:
    """Every problem: who is first, how many meet the target, what the target is."""
    rows = []
    for name, facts in study.problems.items():
        met = placed(study, name)
        first, least = f"none met {study.goal_words}", None
        if met:
            least = expected(study, name, met[0])[0]
            equals = [n for n in met if expected(study, name, n)[0] == least]
            first = few(study.labels(equals), 3)
        lost = sum(bool(study.withheld(name, n)) for n in study.indices)
        cells = (
            (
                Sortable(first, least),
                _times(expected(study, name, met[0])) if met else "",
            ),
            (met_of(len(met), len(study.indices)), f"{lost} withheld" if lost else ""),
            (words.number(facts[study.goal]), ""),
            (grouped(facts["n_params"]), ""),
        )
        rows.append(TableRow(facts["title"], problem_page(name), cells))
    return rows


def _times(numbers) -> str:
    """Gradients with their interval in one line; the upper end may be open."""
    value, low, high = numbers
    end = "no bound" if high is None else words.number(high)
    return f"{words.number(value)} gradients ({words.number(low)} to {end})"
