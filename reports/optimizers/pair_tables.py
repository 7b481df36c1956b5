"""Tables of pairs: all optimizers on a problem, one optimizer on all problems."""

from collections import Counter

from .. import words
from .content import StudyContent, optimizer_page, problem_page
from .tables import Pair, TableRow, met_of
from .verdicts import VERDICTS, by_expected, expected, middle, ratio, verdict

_NARROW = 1.05  # a range of good rates that is hardly one


def on_problem(study: StudyContent, problem: str) -> list[TableRow]:
    """All optimizers on one problem, the soonest first, those without a place last."""
    return [_on(study, problem, name, by=name) for name in by_expected(study, problem)]


def of_optimizer(study: StudyContent, name: str) -> list[TableRow]:
    """One optimizer on all problems."""
    return [_on(study, problem, name, by=problem) for problem in study.problems]


def _on(study, problem, name, by):
    """A row of a pair: gradients, ratio, runs that met it, losses, rate."""
    winner, pair = study.winner(problem, name), study.pairs[problem, name]
    times, against = expected(study, problem, name), ratio(study, problem, name)
    page, label = (
        (optimizer_page(name), study.label(name))
        if by == name
        else (problem_page(problem), study.problems[problem]["title"])
    )
    cells = (
        _open(times, words.number, "never"),
        _open(against, words.factor, words.MISSING),
        _met(winner, study.goal),
        _loss(winner, "final"),
        _loss(winner, "settled"),
        (words.number(winner["hyper"]["lr"]), _basin(pair)),
    )
    why = study.withheld(problem, name) or ""
    return TableRow(
        label, page, cells, small=why, verdict=verdict(study, problem, name)
    )


def _open(numbers, show, none) -> Pair:
    """A number and its interval, whose upper end may be infinite; none: without one."""
    value, low, high = numbers
    if value is None:
        return none, ""
    end = f"to {show(high)}" if high is not None else "or more"
    return show(value), f"{show(low)} {end}"


def _met(winner, goal) -> Pair:
    """How many of the fresh seeds met the target, and what became of the others."""
    status = winner["status"]
    met = sum(c is not None for c in winner["costs"][goal]["evaluations"])
    lost = Counter(word for word in status if word != "ok")
    said = ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in lost.items())
    return met_of(met, len(status)), said


def _loss(winner, which) -> Pair:
    """The median of the final or the settled validation losses, and their range."""
    if winner[which] is None:
        return words.MISSING, ""
    values = [v for v in winner[which] if v is not None]
    found = middle(winner[which])
    if found is None:
        return "no finite number", ""
    whole = len(values) == len(winner[which])
    end = f"to {words.number(max(values))}" if whole else "or more"
    return words.number(found), f"{words.number(min(values))} {end}"


def _basin(pair) -> str:
    """How wide the range of good rates is."""
    found = pair["tunability"]["basin"]
    edge = "at the edge of its range" if pair["at_edge"] else ""
    if not found:
        return edge
    least = "at least " if found["open_low"] or found["open_high"] else ""
    factor = 10.0 ** found["decades"]
    width = f"good over a factor of {least}{factor:.2g}"
    if factor < _NARROW:
        width = "no rate near it is as good"
    return ", ".join(filter(None, (width, edge)))


def tally(study: StudyContent, name: str):
    """[(verdict, on how many problems)], those that occur."""
    found = [verdict(study, problem, name).name for problem in study.problems]
    return [(v, found.count(v.name)) for v in VERDICTS.values() if v.name in found]
