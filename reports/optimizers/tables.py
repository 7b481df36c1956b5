"""Tables of the index: every cell in words."""

from dataclasses import dataclass

from .. import words
from ..verdicts import Verdict
from .content import Study, optimizer_page, problem_page
from .phrases import few, interval, share
from .relations import losers_to, winners_over
from .verdicts import by_expected, expected

Pair = tuple[str, str]
# Groups of ties that are listed.
GROUPS = 12


@dataclass(frozen=True)
class Row:
    """A row: what it is about, where that leads, and its cells; a pair is two lines.

    note: a badge beside the label; small: what stands below it.
    """

    label: str
    href: str
    cells: tuple
    note: str = ""
    small: str = ""
    verdict: Verdict | None = None


def standings(study: Study) -> list[Row]:
    """Who ranks where: place, score, targets met, who is better than whom."""
    by_seconds = study.comparison("seconds", study.goal)
    rows = []
    for name in study.order:
        rank = study.at(name, "ranks")
        over, under = winners_over(study, name), losers_to(study, name)
        cells = (
            (_place(rank), f"{rank['low']} to {rank['high']}"),
            _split(interval(study.at(name, "profile_score"))),
            _split(share(study.at(name, "reach_rate"))),
            _by_seconds(study, name, by_seconds),
            (_left_out(study, name), ""),
        )
        rows.append(
            Row(
                study.label(name),
                optimizer_page(name),
                cells,
                _own(study, name),
                _relations(over, under),
            )
        )
    return rows


def _by_seconds(study, name, comparison) -> Pair:
    """The place by seconds; none on a noisy host."""
    if not comparison:
        return "–", "noisy host"
    found = study.at(name, "ranks", comparison)
    return _place(found), f"{found['low']} to {found['high']}"


def _relations(over, under) -> str:
    """How many it was shown to be better than, and how many better than it."""
    said = [f"better than {len(over)}"] if over else []
    said += [f"beaten by {len(under)}"] if under else []
    return ", ".join(said)


def _place(rank) -> str:
    """The place, with the sign of a tie where others have the same score."""
    return f"{rank['first']}{'=' if rank['last'] > rank['first'] else ''}"


def _left_out(study, name) -> str:
    """The places it takes when one problem, or one other optimizer, is left out."""
    found, i = study.main["stability"], study.indices[name]
    low, high = found["low"][i], found["high"][i]
    return str(low) if low == high else f"{low} to {high}"


def _own(study, name):
    return "yours" if study.optimizers[name].get("file") else ""


def _split(text: str) -> Pair:
    """The number, and its interval without brackets."""
    value, _, rest = text.partition(" (")
    return value, rest.removesuffix(")")


def groups(study: Study) -> list[tuple[str, list[str]]]:
    """[(letter, labels)] of the tie groups, the best first; at most GROUPS."""
    found = study.main["tie_groups"]
    if any(len(group) == len(study.indices) for group in found):
        return []
    letters = [chr(ord("a") + place) for place in range(GROUPS)]
    order = {name: place for place, name in enumerate(study.order)}
    names = list(study.indices)
    return [
        (letter, study.labels(sorted((names[i] for i in group), key=order.__getitem__)))
        for letter, group in zip(letters, found, strict=False)
    ]


def costs(study: Study) -> list[Row]:
    """What an update costs, the cheapest first."""
    rows = sorted(study["updates"]["rows"], key=lambda row: row["least"])
    return [
        Row(
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


def problems(study: Study) -> list[Row]:
    """Every problem: who is first, how many meet the target."""
    rows = []
    for name, facts in study.problems.items():
        order = by_expected(study, name)
        met = [n for n in order if expected(study, name, n)[0] is not None]
        first = f"nobody met {study.goal_words}"
        if met:
            least = expected(study, name, met[0])[0]
            equals = [n for n in met if expected(study, name, n)[0] == least]
            first = few(study.labels(equals), 3)
        cells = (
            (first, _times(expected(study, name, met[0])) if met else ""),
            (f"{len(met)} of {len(order)}", ""),
            (f"{facts['n_params']:,}", ""),
        )
        rows.append(Row(facts["title"], problem_page(name), cells))
    return rows


def _times(numbers) -> str:
    """Gradients with their interval in one line; the upper end may be open."""
    value, low, high = numbers
    end = "no bound" if high is None else words.number(high)
    return f"{words.number(value)} gradients ({words.number(low)} to {end})"
