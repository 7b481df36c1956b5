"""What the evidence supports: at most five sentences, each made from the numbers."""

from .. import words
from .content import StudyContent
from .phrases import failed_searches, few, interval
from .relations import losers_to, winners_over


def supported(study: StudyContent) -> list[tuple[str, str]]:
    """[(what about, sentence)] that the numbers bear out."""
    said = [("First place.", first_place(study))]
    if len(study.indices) > 1:
        own = study.own
        said.append(
            ("Yours.", yours(study)) if own else ("Four baselines.", _base(study))
        )
        said.append(("Pairs.", pairs(study)))
    said += [("Tuning.", tuning(study)), ("Searches.", searches(study))]
    return [(title, text) for title, text in said if text]


def first_place(study: StudyContent) -> str:
    """Who has the highest score, and whether that hangs on one problem."""
    name = study.order[0]
    rank, score = study.at(name, "ranks"), interval(study.at(name, "profile_score"))
    shared = words.count(rank["last"] - rank["first"], "other")
    equal = f", as {shared} {_have(rank)}" if rank["last"] > rank["first"] else ""
    text = f"{study.label(name)} has the highest score, {score}{equal}"
    text += _resting(study, name)
    if len(study.problems) < 2:
        return f"{text}; it rests on one problem."
    lost = _lost(study, name)
    if not lost:
        return f"{text}, and stays first whichever problem is left out."
    places = study.main["stability"]["without_problem"]
    titles = [problem["title"] for problem in study.problems.values()]
    falls = [f"{places[k][study.indices[name]]} without {titles[k]}" for k in lost]
    return f"{text}, but falls to place {few(falls, 4)}."


def _resting(study, name):
    """What a place over all problems rests on, where searches failed their check."""
    lost = len(study.withheld_of(name))
    return f" (which rests on {failed_searches(lost)})" if lost else ""


def _have(rank):
    return "has" if rank["last"] == rank["first"] + 1 else "have"


def _lost(study, name):
    """Numbers of the problems without which an optimizer is no longer first."""
    places = study.main["stability"]["without_problem"]
    return [k for k, row in enumerate(places) if row[study.indices[name]] > 1]


def yours(study: StudyContent) -> str:
    """Where the optimizers of a user's files stand."""
    said = []
    for name in study.own:
        rank = study.at(name, "ranks")
        over, under = winners_over(study, name), losers_to(study, name)
        said.append(
            f"{name} takes place {rank['first']} of {len(study.indices)}"
            f" (95 % interval {rank['low']} to {rank['high']})"
            f"{_resting(study, name)}, is better than"
            f" {few(study.labels(over), 4) if over else 'no other'} and beaten by"
            f" {few(study.labels(under), 4) if under else 'no other'}"
        )
    return f"{'; '.join(said)}."


def _base(study):
    """Who beats all baselines, and whom all of them beat; empty below two baselines."""
    base = study.baselines
    rest = [n for n in study.order if n not in base]
    if len(base) < 2 or not rest:
        return ""
    above = [n for n in rest if set(base) <= set(winners_over(study, n))]
    below = [n for n in rest if set(base) <= set(losers_to(study, n))]
    under = (
        f"; all of these are better than {few(study.labels(below), 4)}" if below else ""
    )
    who = few(study.labels(above), 4) if above else "No other optimizer"
    are = "are" if len(above) > 1 else "is"
    said = words.joined(study.labels(base))
    return f"{who} {are} better than all of {said}{under}."


def pairs(study: StudyContent) -> str:
    """In how many pairs one was shown to be better."""
    found = study.main["improvement"]
    count = len(study.indices) * (len(study.indices) - 1) // 2
    if found["needed"] > 1:
        return (
            f"This study is too small to call one of {words.count(count, 'pair')}"
            " better, whatever its runs had been."
        )
    shown = sum(map(sum, found["better"]))
    return (
        f"Of {words.count(count, 'pair')} {shown or 'none'} {_is(shown)} decided: one"
        f" wins at least {words.percent(found['needed'])} of the meetings of their"
        " runs, with a 95 % interval above one half."
    )


def _is(count):
    return "is" if count in (0, 1) else "are"


def tuning(study: StudyContent) -> str:
    """What tuning buys over the defaults, over all pairs of optimizer and problem."""
    budgets = study["settings"]["budgets"]
    if len(budgets) < 2 or budgets[0] != 1:
        return ""
    gaps = [r["tunability"]["default_gap"] for r in study["results"]]
    # An infinite gap: the defaults diverged and the tuned runs did not.
    helped = sum(gap[1] is None or gap[1] > 1 for gap in gaps)
    hurt = sum(gap[2] is not None and gap[2] < 1 for gap in gaps)
    return (
        f"Tuning by {words.count(study.budget, 'trial')} lowers the loss of the"
        f" defaults in {helped} of {words.count(len(gaps), 'search', 'searches')} and"
        f" raises it in {hurt or 'none'}, beyond the 95 % interval."
    )


def searches(study: StudyContent) -> str:
    """How many searches failed their own check."""
    lost, total = len(study.withheld_pairs), len(study["results"])
    if not lost:
        return (
            f"In none of {words.count(total, 'search', 'searches')} did a plain sweep"
            " of the learning rate find a loss more than 5 % below the tuned one."
        )
    them = "this pair has" if lost == 1 else "these pairs have"
    return (
        f"In {lost} of {words.count(total, 'search', 'searches')}"
        f" ({words.percent(lost / total)}) a plain sweep of the learning rate found a"
        f" loss more than 5 % below the tuned one: {them} no place."
    )
