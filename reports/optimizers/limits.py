"""What the evidence does not support, in sentences made from numbers."""

from .. import words
from .content import Study
from .phrases import either


def unsupported(study: Study) -> list[tuple[str, str]]:
    """[(what about, sentence)] that these numbers do not bear out."""
    problems, settings = list(study.problems.values()), study["settings"]
    sizes = [p["n_params"] for p in problems]
    said = [
        (
            "Other problems.",
            f"{words.count(len(problems), 'problem')} of {min(sizes):,} to"
            f" {max(sizes):,} parameters stand here for no others. Intervals say how"
            " far other seeds would move a number, not how far other problems would.",
        ),
        ("One problem fewer.", stability(study)),
        (
            "Order within ties.",
            "Optimizers that share a group of ties stand in an order by score, which"
            " other seeds may turn round.",
        ),
        (
            "Other budgets.",
            f"All had {words.count(study.budget, 'trial')} of random search in the same"
            f" ranges, and {words.count(settings['seeds'], 'fresh seed')}. Who tunes"
            " longer, or other hyper-parameters, may see another order.",
        ),
    ]
    if study["noise"].get("noisy"):
        said.append(
            (
                "Seconds.",
                "Other programs ran at the same time, so all times are rough; steps and"
                " gradients do not depend on them.",
            )
        )
    return [(title, text) for title, text in said if text]


def stability(study: Study) -> str:
    """Does the first place survive where one problem or one optimizer is left out?"""
    found, problems = study.main["stability"], list(study.problems.values())
    if len(problems) < 2:
        return "With a single problem there is nothing to leave out."
    name = study.order[0]
    lost = [
        problems[k]["title"]
        for k, places in enumerate(found["without_problem"])
        if places[study.indices[name]] > 1
    ]
    if not lost:
        return (
            f"{study.label(name)} stays first whichever problem is left out; places of"
            " others may move, as the last column of the table says."
        )
    return f"{study.label(name)} is no longer first where {either(lost)} is left out."
