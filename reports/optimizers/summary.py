"""The answer of a study in short, and what makes it less sure."""

from .. import words
from .content import Study
from .phrases import few
from .relations import unbeaten, winners_over
from .verdicts import FIRST, MISSED, verdict


def outcome(study: Study) -> str:
    """The answer in one or two sentences."""
    best = unbeaten(study)
    names = study.labels(best)
    total = len(study.indices)
    if total == 1:
        return f"{names[0]} was studied alone, so there is nobody to compare it with."
    if len(best) == total:
        return "No optimizer was shown to be better than any other."
    if len(best) == 1 and len(winners_over(study, best[0])) == total - 1:
        return f"{names[0]} was shown to be better than every other optimizer."
    if len(best) == 1:
        beaten = len(winners_over(study, best[0]))
        return (
            f"{names[0]} is the only one that none was shown to beat; it was itself"
            f" shown to be better than {beaten} of {total - 1} others."
        )
    return (
        f"{few(names, 5)} were beaten by no other: any of these {len(best)} of"
        f" {total} may be the best, and the evidence does not say which."
    )


def conditions(study: Study) -> str:
    """What was run, in one sentence."""
    runs, settings = study["training_runs"], study["settings"]
    return (
        f"{words.count(len(study.indices), 'optimizer')} on"
        f" {words.count(len(study.problems), 'problem')}: {runs['total']:,} training"
        f" runs. Each was tuned by {words.count(study.budget, 'trial')} of random"
        f" search, then run on {words.count(settings['seeds'], 'fresh seed')}."
    )


def notices(study: Study) -> list[tuple[str, str]]:
    """[(title, text)] of what makes the study less sure."""
    found, noise = [], study["noise"]
    if study["settings"]["quick"]:
        text = (
            f"{words.count(len(study.problems), 'problem')},"
            f" {words.count(study.budget, 'trial')} and"
            f" {words.count(study['settings']['seeds'], 'seed')} are a first look:"
            " intervals are wide, and most pairs stay undecided."
        )
        found.append(("Quick look.", text))
    if study["failed"]:
        failed = "; ".join(
            f"{study.label(bad['optimizer'])} on"
            f" {study.problems[bad['problem']]['title']}: {bad['reason']}"
            for bad in study["failed"]
        )
        found.append(("Not trained.", f"{failed}. These count as missed."))
    if noise.get("noisy"):
        reasons = " ".join(noise.get("reasons") or ())
        found.append(("Noisy host.", f"{reasons} Read seconds as rough."))
    return found


def wins_and_losses(study: Study, name: str) -> list[str]:
    """Where an optimizer is first and where it misses, in sentences."""
    by: dict[str, list[str]] = {}
    for problem, facts in study.problems.items():
        by.setdefault(verdict(study, problem, name).name, []).append(facts["title"])
    said = []
    if FIRST in by:
        said.append(f"It is first on {words.joined(by[FIRST])}.")
    else:
        said.append("It is first on no problem.")
    if MISSED in by:
        said.append(
            f"No seed of it meets {study.goal_words} on {words.joined(by[MISSED])}."
        )
    else:
        said.append(
            f"At least one seed of it meets {study.goal_words} on every problem."
        )
    return said
