"""What the evidence supports, in sentences made from numbers."""

from .. import words
from .content import Study
from .labels import optimizer_label
from .phrases import few, interval, share
from .relations import losers_to, winners_over
from .verdicts import expected


def supported(study: Study) -> list[tuple[str, str]]:
    """[(what about, sentence)] that the numbers bear out."""
    said = [("Yours.", yours(study)), ("The first place.", first_place(study))]
    if len(study.indices) > 1:
        said.append(("Pairs.", pairs(study)))
        said.append(("The four baselines.", baselines(study)))
    said += [
        ("Targets.", targets(study)),
        ("Tuning.", tuning(study)),
        ("Theory.", theory(study)),
        ("Divergence.", divergence(study)),
    ]
    return [(title, text) for title, text in said if text]


def first_place(study: Study) -> str:
    """Who has the highest score, between which places, and on other clocks."""
    name, rank = study.order[0], study.at(study.order[0], "ranks")
    score = study.at(name, "profile_score")
    equals = rank["last"] - rank["first"]
    shares = f", a score that {words.count(equals, 'other')} share" if equals else ""
    low, high = rank["low"], rank["high"]
    place = f"is {low}" if low == high else f"lies between {low} and {high}"
    text = (
        f"{study.label(name)} has the highest profile score, {interval(score)}{shares};"
        f" its place {place} of {len(study.indices)}."
    )
    others = []
    other, what_other = (
        ("easy", "the easy target")
        if study.goal == "value"
        else ("value", "the harder target")
    )
    for clock, target, what in (
        ("seconds", study.goal, "by seconds instead of gradients"),
        ("evaluations", other, f"for {what_other}"),
    ):
        found = study.comparison(clock, target)
        best = study.ordered(found)[0] if found else name
        if best != name:
            others.append(f"{what} {study.label(best)} is first")
    if others:
        return f"{text} But {words.joined(others)}."
    timed = "by seconds, and " if study.comparison("seconds", study.goal) else ""
    return f"{text} It is also first {timed}for {what_other}."


def yours(study: Study) -> str:
    """Where the optimizers of a user's files stand; empty without them."""
    said = []
    for name in study.own:
        rank = study.at(name, "ranks")
        over, under = winners_over(study, name), losers_to(study, name)
        said.append(
            f"{name} takes place {rank['first']} of {len(study.indices)}"
            f" ({rank['low']} to {rank['high']}). It was shown to be better than"
            f" {few(study.labels(over)) if over else 'no other'};"
            f" {few(study.labels(under)) if under else 'no other'}"
            f" {_was(under or [name])} shown to be better than it."
        )
    return " ".join(said)


def pairs(study: Study) -> str:
    """In how many pairs one was shown to be better."""
    found = study.main["improvement"]
    shown = sum(map(sum, found["better"]))
    count = len(study.indices) * (len(study.indices) - 1) // 2
    need = found["needed"]
    if need > 1:
        return (
            f"This study is too small to call one optimizer better than another: of"
            f" {words.count(count, 'pair')} none could pass what chance alone demands,"
            " whatever the runs had been."
        )
    holm = sum(
        p is not None and p < 0.05
        for i, row in enumerate(study.main["sign_flip"]["holm"])
        for p in row[:i]
    )
    meant = (
        f"wins at least {words.percent(need)} of all meetings of its runs with the"
        " other’s, with an interval above one half"
    )
    text = (
        f"In {shown} of {words.count(count, 'pair')} one optimizer was shown to be"
        f" better: it {meant}."
        if shown
        else f"In none of {words.count(count, 'pair')} was one optimizer shown to be"
        f" better, which needs that it {meant}."
    )
    return (
        f"{text} All other pairs are ties: not shown to differ, which is not shown to"
        " be equal. Another look, the exact sign-flip test corrected by Holm, finds"
        f" a difference in {holm or 'none'} of the pairs (p below .05)."
    )


def baselines(study: Study) -> str:
    """Who beats all baselines, and who beats none."""
    base = study.baselines
    rest = [n for n in study.order if n not in base]
    if len(base) < 2 or not rest:
        return ""
    above = [n for n in rest if set(base) <= set(winners_over(study, n))]
    below = [n for n in rest if set(base) <= set(losers_to(study, n))]
    said = words.joined(study.labels(base))
    text = (
        f"{few(study.labels(above))} {_was(above)} shown to be better than all of"
        f" {said}."
        if above
        else f"No other was shown to be better than all of {said}."
    )
    if below:
        text += f" All of them were shown to be better than {few(study.labels(below))}."
    return text


def _was(names):
    return "was" if len(names) == 1 else "were"


def targets(study: Study) -> str:
    """How often targets were met, and where none met them."""
    rates = [(study.at(name, "reach_rate"), name) for name in study.order]
    (best, who) = max(rates, key=lambda pair: pair[0][0])
    alone = [p for p in study.problems if not _solvers(study, p)]
    meant = (
        "The target is what the best tuned baseline reaches with half of the budget."
        if study.goal == "value"
        else "The easy target is what the worst tuned baseline reaches with half of the"
        " budget; a quick look goes by it."
    )
    text = (
        f"{meant} {study.label(who)} meets it most often, in {share(best)} of its runs."
    )
    if alone:
        titles = [study.problems[p]["title"] for p in alone]
        text += f" Nobody meets it on {words.joined(titles)}."
    every = [
        n for n in study.order if all(n in _solvers(study, p) for p in study.problems)
    ]
    if every and len(study.problems) > 1:
        text += (
            f" {few(study.labels(every))} {_meet(every)} it on every problem with at"
            " least one seed."
        )
    return text


def _meet(names):
    return "meets" if len(names) == 1 else "meet"


def _solvers(study, problem):
    return [n for n in study.indices if expected(study, problem, n)[0] is not None]


def tuning(study: Study) -> str:
    """What tuning buys over the defaults, over all pairs of optimizer and problem."""
    budgets = study["settings"]["budgets"]
    if len(budgets) < 2 or budgets[0] != 1:
        return ""
    gaps = [r["tunability"]["default_gap"] for r in study["results"]]
    # An infinite gap: the defaults diverged and the tuned runs did not.
    helped = sum(gap[1] is None or gap[1] > 1 for gap in gaps)
    hurt = sum(gap[2] is not None and gap[2] < 1 for gap in gaps)
    first = study.ordered(study.comparison("evaluations", study.goal, 1))[0]
    text = (
        f"The best of {study.budget} trials has a lower loss on fresh seeds than the"
        f" defaults in {helped} of {words.count(len(gaps), 'search', 'searches')},"
        f" beyond its interval; a higher one in {hurt or 'none'}."
    )
    if first == study.order[0]:
        return f"{text} With defaults alone {study.label(first)} is first, too."
    return f"{text} With defaults alone the first is {study.label(first)}."


def theory(study: Study) -> str:
    """Do measured rates of convergence agree with those of theory?"""
    rows = study["theory"]
    if not rows:
        return ""
    most = max(rows, key=lambda row: abs(row["difference"]))
    names = words.joined([optimizer_label(row["optimizer"]) for row in rows])
    size = abs(most["difference"])
    agree = size <= 0.02
    known = (
        "less than 0.1\N{NO-BREAK SPACE}%"
        if size < 1e-3
        else f"at most {words.percent(size)}"
    )
    return (
        f"On a quadratic whose rates of convergence are known, those of {names}"
        f" {'agree' if agree else 'do NOT agree'} with theory: the logarithm of the"
        f" measured rate differs by {known}."
    )


def divergence(study: Study) -> str:
    """How many of the final runs diverged, and whose."""
    counts: dict[str, int] = {}
    total = 0
    for result in study["results"]:
        status = result["budgets"][-1]["status"]
        total += len(status)
        lost = sum(word != "ok" for word in status)
        if lost:
            counts[result["optimizer"]] = counts.get(result["optimizer"], 0) + lost
    if not counts:
        return f"No run of {total:,} of tuned optimizers on fresh seeds diverged."
    said = [
        f"{study.label(name)} {n}"
        for name, n in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    return (
        f"{sum(counts.values())} of {total:,} runs of tuned optimizers on fresh seeds"
        f" diverged or broke off ({few(said)}); each counts as never meeting its"
        " target."
    )
