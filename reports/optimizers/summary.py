"""The answer of a study in short, and what makes it less sure."""

from .. import words
from .content import StudyContent
from .phrases import failed_searches, few, interval
from .verdicts import FIRST, MISSED, WITHHELD, verdict


def outcome(study: StudyContent) -> str:
    """The answer in one sentence: who may be the best."""
    names, total = study.labels(study.best_group), len(study.indices)
    if total == 1:
        return f"{names[0]} was studied alone, so there is nobody to compare it with."
    if len(names) == total:
        return f"Any of the {total} optimizers may be the best."
    if len(names) == 1:
        return f"{names[0]} is the best of {total} optimizers on these problems."
    return (
        f"{few(names, 5)} may be the best of {total} optimizers; the evidence does not"
        " say which."
    )


def conditions(study: StudyContent) -> str:
    """What was run, in one sentence."""
    runs, settings = study["training_runs"], study["settings"]
    return (
        f"{words.count(len(study.indices), 'optimizer')} on"
        f" {words.count(len(study.problems), 'problem')}, each tuned by"
        f" {words.count(study.budget, 'trial')} and run on"
        f" {words.count(settings['seeds'], 'fresh seed')}: {runs['total']:,} training"
        " runs."
    )


def place(study: StudyContent, name: str) -> str:
    """An optimizer's place with its interval, and what it rests on."""
    rank, lost = study.at(name, "ranks"), len(study.withheld_of(name))
    shared = ", shared," if rank["last"] > rank["first"] else ""
    low, high = rank["low"], rank["high"]
    between = f"{low}" if low == high else f"{low} to {high}"
    text = (
        f"Place {rank['first']}{shared} of {len(study.indices)} (95 % interval"
        f" {between}), score {interval(study.at(name, 'profile_score'))}."
    )
    if name in study.best_group and len(study.indices) > 1:
        text += " It may be the best."
    if lost:
        text += f" This rests on {failed_searches(lost)}."
    return text


def notices(study: StudyContent) -> list[tuple[str, str]]:
    """[(title, text)] of what makes the study less sure."""
    found = []
    if study.withheld_pairs:
        found.append(("Withheld.", _withheld(study)))
    if study["settings"]["quick"]:
        text = (
            f"{words.count(len(study.problems), 'problem')},"
            f" {words.count(study.budget, 'trial')} and"
            f" {words.count(study['settings']['seeds'], 'seed')} give wide intervals"
            " and leave most pairs undecided."
        )
        found.append(("Quick look.", text))
    if study["failed"]:
        failed = "; ".join(
            f"{study.label(bad['optimizer'])} on"
            f" {study.problems[bad['problem']]['title']}: {bad['reason']}"
            for bad in study["failed"]
        )
        found.append(("Not trained.", f"{failed}. These count as missed."))
    return found


def _withheld(study):
    lost, total = len(study.withheld_pairs), len(study["results"])
    whose, pairs = "their", "These pairs have"
    if lost == 1:
        whose, pairs = "its", "This pair has"
    return (
        f"{lost} of {words.count(total, 'search', 'searches')} failed {whose} own"
        f" check. {pairs} no place on {whose} problem. The runs still count over all"
        " problems: in places, scores, profiles and comparisons of pairs. An open"
        " marker shows a place that rests on them."
    )


def wins_and_losses(study: StudyContent, name: str) -> list[str]:
    """Where an optimizer is first and where it misses, in sentences."""
    by: dict[str, list[str]] = {}
    for problem, facts in study.problems.items():
        by.setdefault(verdict(study, problem, name).name, []).append(facts["title"])
    if [*by] == [WITHHELD]:
        return []
    first = words.joined(by[FIRST]) if FIRST in by else "no problem"
    said = [f"First on {first}."]
    if MISSED in by:
        said.append(f"Misses {study.goal_words} on {words.joined(by[MISSED])}.")
    return said


def theory(study: StudyContent) -> str:
    """Do measured rates of convergence agree with theory? Empty where not measured."""
    rows = study["theory"]
    if not rows:
        return ""
    size = max(abs(row["difference"]) for row in rows)
    most = f"{words.percent(size)} at most" if size >= 1e-3 else "less than 0.1 %"
    return (
        f"The measured factors {'agree' if size <= 0.02 else 'do NOT agree'} with"
        f" theory: their logarithms differ by {most}."
    )
